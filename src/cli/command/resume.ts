import { resolve } from "node:path";
import { folderStore } from "../../platform/node/folder-store.ts";
import { nodePlatform } from "../../platform/node/platform.ts";
import { readConfig } from "../../run/config.ts";
import { readEvents } from "../../run/event-log.ts";
import { resume as resumeRun } from "../../run/run.ts";
import { type Arithmetic, arithmeticFlags, askedArithmetic, chooseArithmetic } from "../arithmetic.ts";
import { type Command, type Input, jsonFlag } from "../command.ts";
import { driveRun } from "../drive-run.ts";
import { findAlgorithm } from "../find-algorithm.ts";
import { findEnvironment, workerHostOf } from "../find-environment.ts";
import { requireSound } from "../options.ts";
import { type RunRecord, readRecord, recorded, recordOf } from "../run-record.ts";
import { UsageError } from "../usage-error.ts";

export const resume: Command = {
  name: "resume",
  summary: "go on with a run that was stopped, and end with the same bytes",
  operands: [{ name: "run" }],
  flags: { ...arithmeticFlags, json: jsonFlag, quiet: { meaning: "no progress" } },

  async run(input, io) {
    const folder = input.operands[0];
    const store = folderStore(resolve(io.folder, folder));
    const config = await readConfig(store);
    const algorithm = findAlgorithm(config.algorithm);
    await requireSound(algorithm, config.options);
    const record = await readRecord(store, config.environment);
    const environment = await findEnvironment(record.environment, io.folder);
    const { makeEnv } = environment;
    const workerHost = workerHostOf(environment, io);
    const finished = (await readEvents(store)).at(-1)?.kind === "finished";
    const arithmetic = finished ? null : await arithmeticOf(record, input, io.folder);
    const now = arithmetic ? recordOf(record.environment, arithmetic) : record;
    if (now.kernel !== record.kernel) {
      io.stderr.write(`  ${folder} was begun with ${record.kernel} and goes on with ${now.kernel}: to other bytes.\n`);
    }
    const task = { algorithm, makeEnv, kernel: arithmetic?.makeKernel };
    return driveRun(
      {
        events(signal) {
          const events = resumeRun(() => task, { store, platform: nodePlatform(), signal, workerHost });
          return finished ? events : recorded(events, store, now);
        },
        who: { algorithm: config.algorithm, environment: record.environment, seed: config.seed, run: folder },
        opening: `\n  ${folder} ${finished ? "is finished: nothing is left to do." : "goes on."}`,
        json: input.has("json"),
        quiet: input.has("quiet"),
        close: arithmetic?.close,
      },
      io,
    );
  },
};

/** As the run was begun, unless the user wants it otherwise. */
async function arithmeticOf(record: RunRecord, input: Input, folder: string): Promise<Arithmetic> {
  try {
    return await chooseArithmetic(askedArithmetic(input, folder, record));
  } catch (error) {
    if (!(error instanceof UsageError) || input.text("blas") !== undefined) throw error;
    throw new UsageError(`The run was begun with ${record.kernel}. ${error.message}`);
  }
}
