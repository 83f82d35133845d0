import { join, relative, resolve } from "node:path";
import { folderStore } from "../../platform/node/folder-store.ts";
import { nodePlatform } from "../../platform/node/platform.ts";
import { run } from "../../run/run.ts";
import { type Arithmetic, arithmeticFlags, arithmeticNotes, askedArithmetic, chooseArithmetic } from "../arithmetic.ts";
import { type Command, type Input, jsonFlag, seedFlag } from "../command.ts";
import { driveRun } from "../drive-run.ts";
import { findAlgorithm } from "../find-algorithm.ts";
import { findEnvironment, workerHostOf } from "../find-environment.ts";
import { optionHelp } from "../help.ts";
import type { Io } from "../io.ts";
import { chooseOptions } from "../options.ts";
import { isVacant, recorded, recordOf } from "../run-record.ts";
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
    ...arithmeticFlags,
    json: jsonFlag,
    quiet: { meaning: "no progress" },
  },
  details: ([algorithm]) => optionHelp(algorithm),

  async run(input, io) {
    const algorithm = findAlgorithm(input.operands[0]);
    const environment = await findEnvironment(input.operands[1], io.folder);
    const asked = askedArithmetic(input, io.folder, { blas: "off", threads: 1 });
    const { options, source } = await chooseOptions(algorithm, environment, {
      plain: input.has("defaults"),
      settings: input.texts("set"),
      steps: input.integer("steps", 1),
      seed: input.integer("seed", 0),
    });
    const arithmetic = await chooseArithmetic(asked);
    const seed = Number(options["seed"]);
    const folder = await outputFolder(input, `${algorithm.name}-${environment.id}-${seed}`, io);
    const store = folderStore(folder);
    const [json, quiet] = [input.has("json"), input.has("quiet")];
    const { makeEnv } = environment;
    const workerHost = workerHostOf(environment, io);
    const { makeKernel: kernel } = arithmetic;
    const record = recordOf(environment.module ?? environment.id, arithmetic);
    return driveRun(
      {
        events: (signal) =>
          recorded(
            run({ algorithm, makeEnv, options, kernel }, { store, platform: nodePlatform(), signal, workerHost }),
            store,
            record,
          ),
        who: { algorithm: algorithm.name, environment: record.environment, seed, run: folder },
        opening: introduction(`${algorithm.name} on ${environment.id}, seed ${seed}`, source, arithmetic, folder, io),
        json,
        quiet,
        close: arithmetic.close,
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

function introduction(
  what: string,
  source: string | null,
  arithmetic: Arithmetic,
  folder: string,
  { stderr }: Io,
): string {
  const { bold, dim } = createStyle(stderr);
  const tuning = source === null ? "the algorithm's defaults" : `preset of ${source}; --defaults ignores it`;
  const lines = [tuning, ...arithmeticNotes(arithmetic)];
  return `\n  ${bold(what)}  ${dim(folder)}${lines.map((line) => `\n  ${dim(line)}`).join("")}`;
}
