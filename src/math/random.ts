import { cos, log, sin } from "./transcendental.ts";

/** A stream of chance: seeded, splittable, and its state can be saved. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform over 0 … n − 1. */
  integer(n: number): number;
  /** A new stream, independent of what this one yields later. */
  split(): Random;
  snapshot(): RandomState;
  restore(state: RandomState): void;
}

/** Four words of generator state, then the spare normal deviate if one is waiting. */
export type RandomState = readonly [number, number, number, number, number | null];

/** Streams of chance from a seed: any integer from 0 to 2⁵³ − 1. */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`createRandom: seed must be an integer from 0 to 2^53 − 1, got ${seed}.`);
  }
  return fromWords(scramble(seed >>> 0, Math.floor(seed / 2 ** 32)));
}

/** Doty-Humphrey's sfc32, from PractRand: 128 bits of state, period at least 2³². */
function fromWords(words: readonly [number, number, number, number]): Random {
  let [a, b, c, counter] = words;
  let spare: number | null = null;

  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  }
  const uniform = () => next() / 2 ** 32;

  /** Box and Muller 1958: two uniforms make two normals; the second waits. */
  function normal(): number {
    if (spare !== null) {
      const waiting = spare;
      spare = null;
      return waiting;
    }
    const radius = Math.sqrt(-2 * log((next() + 1) / 2 ** 32));
    const angle = 2 * Math.PI * uniform();
    spare = radius * sin(angle);
    return radius * cos(angle);
  }

  return {
    uniform,
    normal,
    integer: (n) => Math.floor(uniform() * n),
    split: () => fromWords(scramble(next(), next())),
    snapshot: () => [a, b, c, counter, spare],
    restore: (state) => {
      [a, b, c, counter, spare] = state;
    },
  };
}

/** Spreads 64 bits of seed over sfc32's state, by the finaliser of MurmurHash3. */
function scramble(low: number, high: number): [number, number, number, number] {
  const mix = (value: number) => {
    let word = value | 0;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return word ^ (word >>> 16);
  };
  const a = mix(low + 0x9e3779b9);
  const b = mix(high + 0x3c6ef372 + a);
  return [a, b, mix(a ^ Math.imul(b, 0x27d4eb2f)), 1];
}
