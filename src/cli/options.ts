import type { AlgorithmEntry } from "../algorithm/algorithm.ts";
import { heedSteps } from "../run/heed-steps.ts";
import { type FoundEnvironment, workerHostOf } from "./find-environment.ts";
import { readSettings } from "./setting.ts";
import { UsageError } from "./usage-error.ts";

/** What a run is to be trained with, and whose tuning that is. */
export interface ChosenOptions {
  readonly options: Readonly<Record<string, unknown>>;
  /** Of the preset in use, or null. */
  readonly source: string | null;
}

/** What was asked for. */
export interface Wishes {
  /** Without the preset. */
  readonly plain?: boolean;
  /** Each a `name=value`. */
  readonly settings?: readonly string[];
  readonly steps?: number | undefined;
  readonly seed?: number | undefined;
}

/** Defaults, then the preset, then `--set`, then `--steps` and `--seed`. */
export async function chooseOptions(
  algorithm: AlgorithmEntry,
  environment: FoundEnvironment,
  { plain = false, settings = [], steps, seed }: Wishes,
): Promise<ChosenOptions> {
  const { presets, defaults, name } = algorithm;
  const preset = environment.module === null && !plain ? presets[environment.id] : undefined;
  const options = {
    ...defaults,
    ...preset?.options,
    ...readSettings(name, defaults, settings),
    ...(steps !== undefined && { totalSteps: steps }),
    ...(seed !== undefined && { seed }),
  };
  requireSpaces(algorithm, environment);
  requireSeed(options);
  await requireSound(algorithm, options, environment);
  return { options, source: preset?.source ?? null };
}

function requireSpaces(
  { name, observationSpaces, actionSpaces }: AlgorithmEntry,
  { id, makeEnv }: FoundEnvironment,
): void {
  const env = makeEnv();
  env.close?.();
  for (const [what, { kind }, taken] of [
    ["observations", env.observationSpace, observationSpaces],
    ["actions", env.actionSpace, actionSpaces],
  ] as const) {
    if (taken.includes(kind)) continue;
    throw new UsageError(
      `${name} cannot act in ${id}: its ${what} are of kind ${kind}, ${name} takes ${taken.join(", ")}.`,
    );
  }
}

/** Environment i is seeded with seed + i, which must stay an exact number. */
const HIGHEST_SEED = 2 ** 53 - 1 - 2 ** 32;

function requireSeed({ seed }: Readonly<Record<string, unknown>>): void {
  if (typeof seed !== "number" || seed <= HIGHEST_SEED) return; // the algorithm says what else is wrong
  throw new UsageError(`seed must be at most ${HIGHEST_SEED} (2^53 − 1 − 2^32), got ${seed}.`);
}

/** The algorithm checks its options before it asks for an environment. Given one, it prepares all it needs and is stopped at the first step, or the first thread. */
export async function requireSound(
  algorithm: AlgorithmEntry,
  options: Readonly<Record<string, unknown>>,
  environment?: FoundEnvironment,
): Promise<void> {
  let accepted = false;
  const stop = () => {
    accepted = true;
    throw new Error("the options were accepted");
  };
  try {
    const workerHost = { ...workerHostOf(environment ?? { module: null }), spawn: stop };
    await algorithm.run(environment ? heedSteps(environment.makeEnv, stop) : stop, options, { workerHost }).next();
  } catch (error) {
    if (accepted) return;
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    const { message } = error;
    const ofOptions = message.startsWith(`${algorithm.name}: `);
    throw new UsageError(
      ofOptions ? message : `${algorithm.name} cannot begin in ${environment?.id} with these options: ${message}`,
    );
  }
}
