import { type ActingPolicy, createActor } from "../deploy/act.ts";
import type { Env } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import { type Outcome, playEpisode } from "./evaluate.ts";

/** One episode, drawn. */
export interface Replay extends Outcome {
  readonly film: Film;
}

/** Drawings that mostly differ in some numbers: each frame names its template and fills the gaps. */
export interface Film {
  /** The text between the gaps. */
  readonly templates: readonly (readonly string[])[];
  /** Which template, then what goes into its gaps. */
  readonly frames: readonly (readonly [template: number, ...gaps: string[]])[];
}

const MAX_FRAMES = 300;
const MAX_STEPS = 5000;

/** Plays one episode and draws it; null where the environment does not draw. */
export function recordReplay<O extends Space, A extends Space>(
  policy: ActingPolicy<O, A>,
  makeEnv: () => Env<O, A>,
  seed: number,
): Replay | null {
  const env = makeEnv();
  const drawings: string[] = [];
  try {
    if (!env.render) return null;
    const outcome = playEpisode(env, createActor(policy), seed, MAX_STEPS, {}, () =>
      drawings.push(env.render?.() ?? ""),
    );
    return { ...outcome, film: packFilm(thinned(drawings)) };
  } finally {
    env.close?.();
  }
}

/** Every frame of a short episode, evenly spaced ones of a long one; the first and the last always. */
function thinned(drawings: readonly string[]): string[] {
  const count = Math.min(drawings.length, MAX_FRAMES);
  if (count < 2) return [...drawings];
  return Array.from({ length: count }, (_, i) => drawings[Math.round((i * (drawings.length - 1)) / (count - 1))]);
}

/** Finds what stays and what changes. */
export function packFilm(drawings: readonly string[]): Film {
  const numbers = /-?\d+(?:\.\d+)?(?:e-?\d+)?/g;
  const parsed = drawings.map((drawing): Drawing => {
    return { texts: drawing.split(numbers), values: (drawing.match(numbers) ?? []).map(shortened) };
  });
  const groups = new Map<string, Drawing[]>();
  for (const drawing of parsed) {
    const key = drawing.texts.join("\0");
    groups.set(key, [...(groups.get(key) ?? []), drawing]);
  }
  const templates: string[][] = [];
  const frames = new Map<Drawing, [number, ...string[]]>();
  for (const members of groups.values()) {
    const { texts, values } = members[0];
    const varying = values.map((value, i) => members.some((member) => member.values[i] !== value));
    for (const member of members) {
      frames.set(member, [templates.length, ...member.values.filter((_, i) => varying[i])]);
    }
    templates.push(cutWhere(varying, texts, values));
  }
  return { templates, frames: parsed.map((drawing) => frames.get(drawing) ?? [0]) };
}

interface Drawing {
  /** Around and between the numbers. */
  readonly texts: readonly string[];
  readonly values: readonly string[];
}

/** Texts and values joined, but cut where a value varies. */
function cutWhere(varying: readonly boolean[], texts: readonly string[], values: readonly string[]): string[] {
  const template = [texts[0]];
  values.forEach((value, i) => {
    if (varying[i]) template.push(texts[i + 1]);
    else template[template.length - 1] += value + texts[i + 1];
  });
  return template;
}

/** Two decimals are finer than a pixel. */
function shortened(value: string): string {
  return String(Math.round(Number(value) * 100) / 100);
}
