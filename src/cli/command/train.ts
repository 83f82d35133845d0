import { join, relative, resolve } from "node:path";
import { folderStore } from "../../platform/node/folder-store.ts";
import { nodePlatform } from "../../platform/node/platform.ts";
import type { RunEvent } from "../../run/event.ts";
import { run } from "../../run/run.ts";
import type { Store } from "../../run/store.ts";
import { type Command, type Input, jsonFlag, seedFlag } from "../command.ts";
import { driveRun } from "../drive-run.ts";
import { findAlgorithm } from "../find-algorithm.ts";
import { findEnvironment } from "../find-environment.ts";
import { optionHelp } from "../help.ts";
import type { Io } from "../io.ts";
import { chooseOptions, requireAvailable } from "../options.ts";
import { isVacant, type RunRecord, writeRecord } from "../run-record.ts";
import { createStyle } from "../terminal/style.ts";

export const train: Command = {
  name: "train",
  summary: "train an algorithm in an environment; the run is a folder",
  operands: [{ name: "algorithm" }, { name: "environment" }],
  flags: {
    steps: { value: "N", meaning: "environment steps in all: the option totalSteps" },
    seed: seedFlag,
    set: { value: "name=value", many: true, meaning: "sets an option; may be given again and again" },
    defaults: { meaning: "ignores presets: the algorithm's own defaults" },
    out: { value: "DIR", meaning: "the run's folder; runs/<algorithm>-<environment>-<seed> unless given" },
    blas: { value: "auto|off|PATH", meaning: "native matrix products; in this version, auto means off" },
    threads: { value: "N", meaning: "in this version, 1" },
    json: jsonFlag,
    quiet: { meaning: "no progress" },
  },
  details: ([algorithm]) => optionHelp(algorithm),

  async run(input, io) {
    const algorithm = findAlgorithm(input.operands[0]);
    const environment = await findEnvironment(input.operands[1], io.folder);
    requireAvailable(input);
    const { options, source } = await chooseOptions(algorithm, environment, {
      plain: input.has("defaults"),
      settings: input.texts("set"),
      steps: input.integer("steps", 1),
      seed: input.integer("seed", 0),
    });
    const seed = Number(options["seed"]);
    const folder = await outputFolder(input, `${algorithm.name}-${environment.id}-${seed}`, io);
    const store = folderStore(folder);
    const [json, quiet] = [input.has("json"), input.has("quiet")];
    const { makeEnv } = environment;
    const record = { environment: environment.module ?? environment.id, blas: "off", threads: 1 } as const;
    return driveRun(
      {
        events: (signal) =>
          recorded(run({ algorithm, makeEnv, options }, { store, platform: nodePlatform(), signal }), store, record),
        who: { algorithm: algorithm.name, environment: record.environment, seed, run: folder },
        opening: introduction(`${algorithm.name} on ${environment.id}, seed ${seed}`, source, folder, io),
        json,
        quiet,
      },
      io,
    );
  },
};

/** As asked for, or the first folder under runs/ that holds nothing. Shown relative to where the user is, if below. */
async function outputFolder(input: Input, name: string, io: Io): Promise<string> {
  const asked = input.text("out");
  if (asked !== undefined) return shown(resolve(io.folder, asked), io);
  const base = join(io.folder, "runs", name.replace(/[^\w.-]+/g, "_"));
  for (let n = 1; ; n++) {
    const folder = n === 1 ? base : `${base}-${n}`;
    if (await isVacant(folderStore(folder))) return shown(folder, io);
  }
}

function shown(folder: string, { folder: here }: Io): string {
  const path = relative(here, folder);
  return here !== process.cwd() || path.startsWith("..") || path === "" ? folder : path;
}

/** The record is written as soon as the run has its folder. */
async function* recorded(events: AsyncIterable<RunEvent>, store: Store, record: RunRecord): AsyncGenerator<RunEvent> {
  let written = false;
  for await (const event of events) {
    if (!written) await writeRecord(store, record);
    written = true;
    yield event;
  }
}

function introduction(what: string, source: string | null, folder: string, { stderr }: Io): string {
  const { bold, dim } = createStyle(stderr);
  const tuning = source === null ? "the algorithm's defaults" : `preset of ${source}; --defaults ignores it`;
  return `\n  ${bold(what)}  ${dim(folder)}\n  ${dim(tuning)}`;
}
