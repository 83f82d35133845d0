import { createRandom, type Random } from "../math/random.ts";
import { sampleLegal, whyNotMask } from "./action-mask.ts";
import { complainOfGoals } from "./check-goals.ts";
import { describeValue } from "./describe-value.ts";
import type { Env, Info, Step } from "./env.ts";
import { flatSize, type Space, type Value } from "./space.ts";
import { contains, flatten } from "./space-value.ts";

/** Something wrong with an environment. An error spoils training; a warning takes something away, exact resume say. */
export interface Finding {
  readonly severity: "error" | "warning";
  /** What happened, and what should. */
  readonly sentence: string;
}

export interface CheckOptions {
  /** Steps within which an episode of random actions must have ended. */
  readonly maxSteps?: number;
  readonly seed?: number;
}

/** Steps of a trajectory that is run twice to be compared with itself. */
const rehearsal = 50;

/** Episodes whose lengths are compared. */
const episodes = 10;

/** Looks for what commonly goes wrong with an environment, by random actions. */
export function checkEnv(env: Env, { maxSteps = 10_000, seed = 0 }: CheckOptions = {}): Finding[] {
  const findings = attempt(() => checkSteps(env, seed, maxSteps));
  // Trajectories of an environment that breaks its own spaces cannot be compared.
  if (findings.length > 0) return findings;
  return [checkSeed, checkSnapshot, checkEnd, checkLimit, checkGoals].flatMap((check) =>
    attempt(() => check(env, seed, maxSteps)),
  );
}

/** Every value is of its space, stays what it was when it was returned, and the episode ends. */
function checkSteps(env: Env, seed: number, maxSteps: number): Finding[] {
  const findings = new Map<string, Finding>();
  const report = (kind: string, sentence: string) => {
    if (!findings.has(kind)) findings.set(kind, { severity: "error", sentence });
  };
  const random = createRandom(seed);
  let { observation, info } = env.reset({ seed });
  const complaint = whyNot(env.observationSpace, observation);
  if (complaint) report("observation", `reset returned an observation that ${complaint}.`);

  for (let t = 1; t <= maxSteps; t++) {
    const maskComplaint = whyNotMask(env.actionSpace, info.actionMask);
    if (maskComplaint) {
      report("mask", `Before step ${t}, ${maskComplaint}.`);
      return [...findings.values()]; // what may be done next cannot be known
    }
    const before = copyOf(observation);
    const step = env.step(sampleLegal(env.actionSpace, info.actionMask, random));
    if (!same(before, observation)) {
      report("mutation", `Step ${t} changed the observation returned before it; each must be a new one.`);
    }
    const complaint = whyNot(env.observationSpace, step.observation);
    if (complaint) report("observation", `Step ${t} returned an observation that ${complaint}.`);
    if (!Number.isFinite(step.reward)) {
      report("reward", `Step ${t} returned the reward ${String(step.reward)}; it must be a finite number.`);
    }
    if (typeof step.terminated !== "boolean" || typeof step.truncated !== "boolean") {
      const got = `${String(step.terminated)} and ${String(step.truncated)}`;
      report("end", `Step ${t} returned ${got} for terminated and truncated; each must be true or false.`);
    }
    if (step.terminated || step.truncated) return [...findings.values()];
    ({ observation, info } = step);
  }
  report("endless", `No episode ended within ${maxSteps} steps; report truncation at a limit, or wrap in timeLimit.`);
  return [...findings.values()];
}

/** The same seed and the same actions make the same trajectory, if need be from the same snapshot: moments may run on. */
function checkSeed(env: Env, seed: number): Finding[] {
  const snapshot = env.snapshot && env.restore && JSON.stringify(env.snapshot());
  const [first, second] = [trajectory(env, seed, seed), trajectory(env, seed, seed)];
  const t = firstDifference(first, second);
  if (t === null) return [];
  const restored = (from: number) => {
    if (snapshot !== undefined) env.restore?.(JSON.parse(snapshot));
    return trajectory(env, from, seed);
  };
  const [third, fourth, other] = [restored(seed), restored(seed), restored(seed + 1)];
  if (snapshot === undefined || firstDifference(third, fourth) !== null) {
    const when = t === 0 ? "the first observations differ" : `step ${t} differs`;
    return [error(`Two runs with seed ${seed} and the same actions part: ${when}; draw chance only from the seed.`)];
  }
  if (firstDifference(third, other) !== null) return [];
  const runs = `Runs with seed ${seed} part unless restored to one snapshot`;
  return [warning(`${runs}, and seed ${seed + 1} changes nothing; draw chance only from the seed.`)];
}

/** From a restored snapshot, the same actions lead to the same steps. */
function checkSnapshot(env: Env, seed: number): Finding[] {
  if (!env.snapshot || !env.restore) {
    return [warning("snapshot and restore are missing, so that a run cannot be resumed exactly.")];
  }
  const start = env.reset({ seed });
  const step = env.step(sampleLegal(env.actionSpace, start.info.actionMask, createRandom(seed)));
  const { info } = step.terminated || step.truncated ? env.reset() : step;
  const snapshot = JSON.stringify(env.snapshot());
  const first = walk(env, info, createRandom(seed));
  env.restore(JSON.parse(snapshot));
  const second = walk(env, info, createRandom(seed));
  const t = firstDifference(first, second);
  if (t === null) return [];
  return [error(`Step ${t + 1} after restore differs; a snapshot must hold all that decides the future, as JSON.`)];
}

/** A step after the end is refused. */
function checkEnd(env: Env, seed: number, maxSteps: number): Finding[] {
  const random = createRandom(seed);
  const { last } = playEpisode(env, seed, random, maxSteps);
  try {
    env.step(sampleLegal(env.actionSpace, last.info.actionMask, random));
  } catch {
    return [];
  }
  return [warning("A step after the end of the episode was taken without an error, which hides a missing reset.")];
}

/** Episodes that differ in seed and actions do not all terminate after the same number of steps. */
function checkLimit(env: Env, seed: number, maxSteps: number): Finding[] {
  const random = createRandom(seed);
  const lengths = new Set<number>();
  for (let episode = 0; episode < episodes; episode++) {
    const { length, last } = playEpisode(env, seed + episode, random, maxSteps);
    lengths.add(length);
    if (!last.terminated || last.truncated || length === 1 || lengths.size > 1) return [];
  }
  const [length] = lengths;
  const seen = `Each of ${episodes} episodes of random actions terminated after ${length} steps and none was truncated`;
  return [warning(`${seen}: a time limit seems to be reported as termination; report truncated there.`)];
}

/** Rewards and ends are those that the environment computes of its goals. */
function checkGoals(env: Env, seed: number): Finding[] {
  return complainOfGoals(env, seed).map(error);
}

function playEpisode(env: Env, seed: number, random: Random, maxSteps: number): { length: number; last: Step<Space> } {
  let { info } = env.reset({ seed });
  for (let length = 1; ; length++) {
    const last = env.step(sampleLegal(env.actionSpace, info.actionMask, random));
    if (last.terminated || last.truncated || length >= maxSteps) return { length, last };
    ({ info } = last);
  }
}

function trajectory(env: Env, seed: number, actionSeed: number): number[][] {
  const { observation, info } = env.reset({ seed });
  return [flat(env.observationSpace, observation), ...walk(env, info, createRandom(actionSeed))];
}

/** What up to `rehearsal` steps returned, each as one row of numbers. Ends with the episode. */
function walk(env: Env, start: Info, random: Random): number[][] {
  const rows: number[][] = [];
  let info = start;
  while (rows.length < rehearsal) {
    const step = env.step(sampleLegal(env.actionSpace, info.actionMask, random));
    const ends = [Number(step.terminated), Number(step.truncated)];
    rows.push([...flat(env.observationSpace, step.observation), step.reward, ...ends]);
    if (step.terminated || step.truncated) break;
    ({ info } = step);
  }
  return rows;
}

function firstDifference(first: number[][], second: number[][]): number | null {
  const rows = Math.max(first.length, second.length);
  for (let t = 0; t < rows; t++) if (!same(first[t], second[t])) return t;
  return null;
}

function flat(space: Space, observation: Value): number[] {
  const out = new Float32Array(flatSize(space));
  flatten(space, observation, out, 0);
  return [...out];
}

/** What keeps a value out of a space, to follow "that"; null where nothing does. */
function whyNot(space: Space, value: unknown): string | null {
  if (contains(space, value)) return null;
  if (space.kind !== "box") return `is ${describeValue(value)}, which the ${space.kind} space does not contain`;
  const size = space.low.length;
  if (!(value instanceof Float32Array) || value.length !== size) {
    return `is ${describeValue(value)}; the space wants a Float32Array of ${size}`;
  }
  const i = value.findIndex((x, place) => !(x >= space.low[place] && x <= space.high[place]));
  if (Number.isNaN(value[i])) return `is not a number in place ${i}`;
  return `leaves the space in place ${i}: ${value[i]} is not between ${space.low[i]} and ${space.high[i]}`;
}

function copyOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return (value as Float32Array).slice();
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part)]));
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return left.length === right.length && left.every(([, part], i) => same(part, right[i][1]));
}

function error(sentence: string): Finding {
  return { severity: "error", sentence };
}

function warning(sentence: string): Finding {
  return { severity: "warning", sentence };
}

/** What the environment's author did not expect is a finding too. */
function attempt(check: () => Finding[]): Finding[] {
  try {
    return check();
  } catch (cause) {
    return [error(`It threw: ${cause instanceof Error ? cause.message : String(cause)}`)];
  }
}
