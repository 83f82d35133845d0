import { didYouMean } from "../env/near-name.ts";
import { RunError } from "../run/run-error.ts";
import { StoreError, type StoreFault } from "../run/store.ts";
import { version } from "../run/version.ts";
import { algorithmsCommand } from "./command/algorithms.ts";
import { bench } from "./command/bench.ts";
import { checkEnvCommand } from "./command/check-env.ts";
import { compare } from "./command/compare.ts";
import { envs } from "./command/envs.ts";
import { evaluateCommand } from "./command/eval.ts";
import { recovery } from "./command/recovery.ts";
import { resume } from "./command/resume.ts";
import { train } from "./command/train.ts";
import type { Command } from "./command.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { commandHelp, overview } from "./help.ts";
import type { Io } from "./io.ts";
import { asksForHelp, parse } from "./parse.ts";
import { createStyle } from "./terminal/style.ts";
import { UsageError } from "./usage-error.ts";

const commands: readonly Command[] = [
  train,
  evaluateCommand,
  resume,
  compare,
  bench,
  recovery,
  envs,
  algorithmsCommand,
  checkEnvCommand,
];

/** The command line: what was typed behind `belay`, to an exit code. */
export async function belay(typed: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await dispatch(typed, io);
  } catch (error) {
    io.stderr.write(`belay: ${error instanceof Error ? oneLine(error.message) : String(error)}\n`);
    return isRefusal(error) ? exitCode.refused : exitCode.failed;
  }
}

async function dispatch([word, ...rest]: readonly string[], io: Io): Promise<ExitCode> {
  const style = createStyle(io.stdout);
  if (word === undefined || word === "--help" || word === "-h" || word === "help") {
    io.stdout.write(overview(commands, version, style));
    return word === undefined ? exitCode.refused : exitCode.done;
  }
  if (word === "--version") {
    io.stdout.write(`${version}\n`);
    return exitCode.done;
  }
  const command = commands.find(({ name }) => name === word);
  if (!command) {
    const names = commands.map(({ name }) => name);
    throw new UsageError(`unknown command "${word}". ${didYouMean(word, names)}Commands are: ${names.join(", ")}.`);
  }
  if (asksForHelp(rest)) {
    io.stdout.write(
      commandHelp(
        command,
        rest.filter((each) => !each.startsWith("-")),
        style,
      ),
    );
    return exitCode.done;
  }
  return command.run(parse(command, rest), io);
}

/** Whether the fault lies in what was asked for, and nothing was begun. */
function isRefusal(error: unknown): boolean {
  if (error instanceof StoreError) return refusals.includes(error.fault);
  if (error instanceof RunError && error.stage === "preparing") return isRefusedValue(error.cause);
  return error instanceof UsageError;
}

const refusals: readonly StoreFault[] = ["missing", "occupied", "not-a-run", "not-writable", "busy", "changed"];

/** As the library refuses an option, or a size that memory cannot hold. */
function isRefusedValue(error: unknown): boolean {
  return error instanceof RangeError || error instanceof TypeError;
}

function oneLine(message: string): string {
  return message.replace(/\s*\n\s*/g, " ");
}
