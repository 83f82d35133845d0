import { environments } from "../../env/registry.ts";
import { spaceToJson } from "../../env/space-json.ts";
import { type Command, jsonFlag } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { describeSpace } from "../terminal/space.ts";
import { createStyle } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";

export const envs: Command = {
  name: "envs",
  summary: "list the environments",
  operands: [],
  flags: { json: jsonFlag },

  async run(input, { stdout }) {
    const { bold, dim } = createStyle(stdout);
    const all = environments();
    if (input.has("json")) {
      const told = all.map(({ observationSpace, actionSpace, ...rest }) => {
        return { ...rest, observationSpace: spaceToJson(observationSpace), actionSpace: spaceToJson(actionSpace) };
      });
      stdout.write(`${JSON.stringify({ environments: told })}\n`);
      return exitCode.done;
    }
    const heads = ["environment", "observation", "action", "time limit", "solved at"].map(dim);
    const rows = all.map(({ id, observationSpace, actionSpace, maxEpisodeSteps, rewardThreshold }) => [
      bold(id),
      describeSpace(observationSpace),
      describeSpace(actionSpace),
      String(maxEpisodeSteps ?? "none"),
      String(rewardThreshold ?? "–"),
    ]);
    stdout.write(`${table([heads, ...rows], 3).replace(/^/gm, "  ")}\n`);
    return exitCode.done;
  },
};
