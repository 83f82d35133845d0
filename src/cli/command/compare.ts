import type { Command } from "../command.ts";
import { UsageError } from "../usage-error.ts";

export const compare: Command = {
  name: "compare",
  summary: "train several algorithms over several seeds and compare them; not there yet",
  operands: [{ name: "algorithm", many: true }],
  flags: {
    env: { value: "ID", many: true, meaning: "an environment; may be given again and again" },
    seeds: { value: "N", meaning: "runs of each" },
    json: { meaning: "print one JSON object, and nothing else on standard output" },
  },
  async run() {
    throw new UsageError("compare is not there yet: run belay train once per seed, and belay eval on each run.");
  },
};
