import type { ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";

/** One word of the command line and what it does. Its help is made of this. */
export interface Command {
  readonly name: string;
  /** One line, no full stop. */
  readonly summary: string;
  readonly operands: readonly Operand[];
  readonly flags: Readonly<Record<string, Flag>>;
  run(input: Input, io: Io): Promise<ExitCode>;
  /** What the help says beyond the flags, given the operands so far. */
  details?(operands: readonly string[]): string;
}

export interface Operand {
  readonly name: string;
  /** None is fine, too. */
  readonly optional?: true;
  /** One or more. */
  readonly many?: true;
}

export interface Flag {
  /** How its value is shown, "N"; a flag without one is either given or not. */
  readonly value?: string;
  /** May be given more than once. */
  readonly many?: true;
  readonly meaning: string;
}

/** What was typed behind the command's name. */
export interface Input {
  readonly operands: readonly string[];
  has(flag: string): boolean;
  text(flag: string): string | undefined;
  texts(flag: string): readonly string[];
  /** Refuses what is no integer from `least` up. */
  integer(flag: string, least: number): number | undefined;
}

/** Flags that several commands share, with one meaning. */
export const jsonFlag: Flag = { meaning: "print one JSON object, and nothing else on standard output" };
export const seedFlag: Flag = { value: "S", meaning: "decides every random number" };
