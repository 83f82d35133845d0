import { didYouMean } from "../../env/near-name.ts";
import { type Command, type Input, jsonFlag, seedFlag } from "../command.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { recoveryBenchCommand } from "../recovery/bench.ts";
import { recoveryDemoCommand } from "../recovery/demo.ts";
import { UsageError } from "../usage-error.ts";

interface Topic {
  readonly summary: string;
  run(input: Input, io: Io): Promise<ExitCode>;
}

const topics: Readonly<Record<string, Topic>> = {
  bench: {
    summary: "what the planner is worth in simulated failures, beside retries, a runbook and what is possible",
    run: recoveryBenchCommand,
  },
  demo: {
    summary: "faults on real sockets, and who keeps a pipeline going through them; a minute",
    run: recoveryDemoCommand,
  },
};

export const recovery: Command = {
  name: "recovery",
  summary: "the corrective action planner: measure what it is worth, see it at work",
  operands: [{ name: Object.keys(topics).join("|") }],
  flags: {
    quick: { meaning: "seconds instead of minutes: fewer seeds and episodes, shorter training" },
    seed: seedFlag,
    out: { value: "DIR", meaning: "where demo writes recovery-demo.html" },
    json: jsonFlag,
  },
  details: () =>
    Object.entries(topics)
      .map(([name, { summary }]) => `  belay recovery ${name}  ${summary}`)
      .join("\n"),

  async run(input, io) {
    const [word] = input.operands;
    const topic = Object.hasOwn(topics, word) ? topics[word] : undefined;
    if (topic) return topic.run(input, io);
    const names = Object.keys(topics);
    throw new UsageError(`belay recovery has no "${word}". ${didYouMean(word, names)}It has: ${names.join(", ")}.`);
  },
};
