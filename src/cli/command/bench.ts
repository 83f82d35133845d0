import { benchmark } from "../bench/bench.ts";
import { benchmarkTables } from "../bench/tables.ts";
import { type Command, jsonFlag } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { createStyle } from "../terminal/style.ts";

export const bench: Command = {
  name: "bench",
  summary: "measure this machine: kernels, environments, updates, algorithms",
  operands: [],
  flags: { quick: { meaning: "a quarter of the time, and less exact" }, json: jsonFlag },

  async run(input, { stdout, stderr }) {
    const pace = input.has("quick") ? 0.25 : 1;
    const measured = await benchmark(pace, (what) => stderr.write(`  measuring ${what}\n`));
    stdout.write(
      input.has("json") ? `${JSON.stringify(measured)}\n` : `\n${benchmarkTables(measured, createStyle(stdout))}`,
    );
    return exitCode.done;
  },
};
