import { arithmeticFlags, arithmeticNotes, askedArithmetic, chooseArithmetic } from "../arithmetic.ts";
import { benchmark } from "../bench/bench.ts";
import { benchmarkTables } from "../bench/tables.ts";
import { type Command, jsonFlag } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { workerHostOf } from "../find-environment.ts";
import { createStyle } from "../terminal/style.ts";

export const bench: Command = {
  name: "bench",
  summary: "measure this machine: kernels, environments, updates, algorithms",
  operands: [],
  flags: { quick: { meaning: "a quarter of the time, and less exact" }, ...arithmeticFlags, json: jsonFlag },

  async run(input, io) {
    const { folder, stdout, stderr } = io;
    const pace = input.has("quick") ? 0.25 : 1;
    const arithmetic = await chooseArithmetic(askedArithmetic(input, folder, { blas: "off", threads: 1 }));
    for (const note of arithmeticNotes(arithmetic)) stderr.write(`  ${note}\n`);
    const measured = await benchmark(arithmetic, workerHostOf({ module: null }, io), pace, (what) =>
      stderr.write(`  measuring ${what}\n`),
    );
    await arithmetic.close();
    stdout.write(
      input.has("json") ? `${JSON.stringify(measured)}\n` : `\n${benchmarkTables(measured, createStyle(stdout))}`,
    );
    return exitCode.done;
  },
};
