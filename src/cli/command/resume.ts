import { resolve } from "node:path";
import { folderStore } from "../../platform/node/folder-store.ts";
import { nodePlatform } from "../../platform/node/platform.ts";
import { readConfig } from "../../run/config.ts";
import { readEvents } from "../../run/event-log.ts";
import { resume as resumeRun } from "../../run/run.ts";
import { type Command, jsonFlag } from "../command.ts";
import { driveRun } from "../drive-run.ts";
import { findAlgorithm } from "../find-algorithm.ts";
import { findEnvironment } from "../find-environment.ts";
import { requireSound } from "../options.ts";
import { environmentOf } from "../run-record.ts";

export const resume: Command = {
  name: "resume",
  summary: "go on with a run that was stopped, and end with the same bytes",
  operands: [{ name: "run" }],
  flags: { json: jsonFlag, quiet: { meaning: "no progress" } },

  async run(input, io) {
    const folder = input.operands[0];
    const store = folderStore(resolve(io.folder, folder));
    const config = await readConfig(store);
    const algorithm = findAlgorithm(config.algorithm);
    await requireSound(algorithm, config.options);
    const named = await environmentOf(store, config.environment);
    const { makeEnv } = await findEnvironment(named, io.folder);
    const finished = (await readEvents(store)).at(-1)?.kind === "finished";
    return driveRun(
      {
        events: (signal) => resumeRun(() => ({ algorithm, makeEnv }), { store, platform: nodePlatform(), signal }),
        who: { algorithm: config.algorithm, environment: named, seed: config.seed, run: folder },
        opening: `\n  ${folder} ${finished ? "is finished: nothing is left to do." : "goes on."}`,
        json: input.has("json"),
        quiet: input.has("quiet"),
      },
      io,
    );
  },
};
