import { CONFIG } from "./layout.ts";
import type { Platform } from "./platform.ts";
import { RunError } from "./run-error.ts";
import { type Store, StoreError } from "./store.ts";
import { version } from "./version.ts";

/** How often and how long a policy is watched while it learns. */
export interface EvaluationPlan {
  /** Environment steps between evaluations; null for a tenth of the run. */
  readonly every: number | null;
  readonly episodes: number;
  /** Of the last one, by which the run is judged. */
  readonly finalEpisodes: number;
}

/** What was asked for, written once at the start: `config.json`. */
export interface RunConfig {
  readonly algorithm: string;
  readonly environment: string;
  readonly seed: number;
  /** The algorithm's, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly evaluation: EvaluationPlan;
  /** Of belay-rl. */
  readonly version: string;
  readonly engine: string;
  /** ISO 8601. */
  readonly created: string;
}

/** What a run is asked for, with what was left out filled in. */
export function createConfig(asked: {
  readonly algorithm: string;
  readonly environment: string;
  readonly options: object;
  readonly evaluation: Partial<EvaluationPlan> | undefined;
  readonly platform: Platform;
}): RunConfig {
  const { algorithm, environment, options, evaluation, platform } = asked;
  const { seed = 0 } = options as { readonly seed?: number };
  return {
    algorithm,
    environment,
    seed,
    options: { ...options, seed },
    evaluation: { every: null, episodes: 10, finalEpisodes: 100, ...evaluation },
    version,
    engine: platform.engine,
    created: new Date(platform.now()).toISOString(),
  };
}

export async function writeConfig(store: Store, config: RunConfig): Promise<void> {
  await store.write(CONFIG, `${JSON.stringify(config, null, 2)}\n`);
}

/** Refuses a place without a run, and a damaged file. */
export async function readConfig(store: Store): Promise<RunConfig> {
  const text = await store.readText(CONFIG);
  if (text === null) {
    throw new StoreError("missing", `readConfig: ${store.location} is not a run: it has no ${CONFIG}.`);
  }
  try {
    const config: unknown = JSON.parse(text);
    if (isConfig(config)) return config;
  } catch {} // told below
  throw new RunError(`readConfig: ${store.location}/${CONFIG} is not the JSON that a run begins with.`);
}

/** All of a config that decides what is learned. */
export type Deciding = Pick<RunConfig, "algorithm" | "environment" | "seed" | "options">;

export function whatDecides({ algorithm, environment, seed, options }: RunConfig): Deciding {
  return { algorithm, environment, seed, options };
}

/** Half a run with these options and half with those would be neither. */
export function requireUnchanged(config: RunConfig, trained: Deciding, { location }: Store): void {
  const { options: now, ...named } = whatDecides(config);
  const { options: then, ...namedThen } = trained;
  const changes = [...differences(namedThen, named), ...differences(then, now)];
  if (changes.length === 0) return;
  throw new StoreError(
    "changed",
    `resume: ${location}/${CONFIG} was changed since the run was trained with it: ${changes.join(", ")}. ` +
      "Put it back, or begin a new run.",
  );
}

function differences(then: object, now: object): string[] {
  const [before, after] = [then, now].map((values) => new Map(Object.entries(JSON.parse(JSON.stringify(values)))));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [was, is] = [before, after].map((values) => JSON.stringify(values.get(name)) ?? "nothing");
    return was === is ? [] : [`${name} was ${was}, is ${is}`];
  });
}

/** A new run never overwrites an old one, nor moves in with strangers. */
export async function requireVacant(store: Store): Promise<void> {
  const names = await store.list();
  if (names.includes(CONFIG)) {
    throw new StoreError("occupied", `run: ${store.location} already holds a run: resume it, or choose another place.`);
  }
  if (names.length > 0) {
    const some = names.slice(0, 3).join(", ");
    throw new StoreError(
      "not-a-run",
      `run: ${store.location} holds other files (${some}): choose a new or empty place.`,
    );
  }
}

function isConfig(value: unknown): value is RunConfig {
  const config = value as Partial<RunConfig> | null;
  return (
    typeof config?.algorithm === "string" &&
    typeof config.environment === "string" &&
    typeof config.seed === "number" &&
    typeof config.options === "object" &&
    config.options !== null &&
    typeof config.evaluation?.episodes === "number"
  );
}
