import { parseArgs } from "node:util";
import { didYouMean } from "../env/near-name.ts";
import type { Command, Flag, Input } from "./command.ts";
import { UsageError } from "./usage-error.ts";

/** Holds what was typed against what the command takes. */
export function parse(command: Command, typed: readonly string[]): Input {
  const values = readFlags(command, typed);
  const { operands } = values;
  requireOperands(command, operands);
  const text = (flag: string) => values.given.get(flag)?.at(-1);
  return {
    operands,
    has: (flag) => values.given.has(flag),
    text,
    texts: (flag) => values.given.get(flag) ?? [],
    integer(flag, least) {
      const value = text(flag);
      if (value === undefined) return undefined;
      const number = value.trim() === "" ? Number.NaN : Number(value);
      if (Number.isSafeInteger(number) && number >= least) return number;
      throw new UsageError(`--${flag} must be an integer of at least ${least}, got "${value}".`);
    },
  };
}

/** Whether help is asked for, and the operands so far. */
export function asksForHelp(typed: readonly string[]): boolean {
  const end = typed.indexOf("--");
  return typed.slice(0, end < 0 ? typed.length : end).some((word) => word === "--help" || word === "-h");
}

function readFlags({ name, flags }: Command, typed: readonly string[]) {
  const { tokens } = parseArgs({
    args: [...typed],
    options: Object.fromEntries(Object.entries(flags).map(([flag, { value }]) => [flag, { type: typeOf(value) }])),
    strict: false,
    tokens: true,
  });
  const operands: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const flag: Flag | undefined = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (!flag) throw new UsageError(unknownFlag(name, token.rawName, Object.keys(flags)));
    if (flag.value && token.value === undefined)
      throw new UsageError(`--${token.name} needs a value: --${token.name} ${flag.value}.`);
    if (!flag.value && token.value !== undefined)
      throw new UsageError(`--${token.name} takes no value, got "${token.value}".`);
    const earlier = given.get(token.name) ?? [];
    if (earlier.length > 0 && !flag.many) throw new UsageError(`--${token.name} was given twice; give it once.`);
    given.set(token.name, [...earlier, token.value ?? ""]);
  }
  return { operands, given };
}

function typeOf(value: string | undefined): "string" | "boolean" {
  return value === undefined ? "boolean" : "string";
}

function unknownFlag(command: string, typed: string, names: readonly string[]): string {
  const all = names.length > 0 ? `It takes ${names.map((name) => `--${name}`).join(", ")}.` : "It takes none.";
  const near = didYouMean(typed, names).replace(/(mean|or) /g, "$1 --");
  return `belay ${command} has no flag ${typed}. ${near}${all}`;
}

function requireOperands({ name, operands }: Command, typed: readonly string[]): void {
  const least = operands.filter((operand) => !operand.optional).length;
  const most = operands.some((operand) => operand.many) ? Infinity : operands.length;
  if (typed.length >= least && typed.length <= most) return;
  const wanted = operands.map((operand) => `<${operand.name}>`).join(" ") || "nothing";
  const got = typed.length === 0 ? "nothing" : typed.map((word) => `"${word}"`).join(" ");
  throw new UsageError(`belay ${name} takes ${wanted}, got ${got}. See belay ${name} --help.`);
}
