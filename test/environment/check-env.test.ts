import { describe, expect, test } from "vitest";
import { checkEnv } from "../../src/env/check-env.ts";
import type { Env } from "../../src/env/env.ts";
import { environments, make } from "../../src/env/registry.ts";
import type { Box, Discrete } from "../../src/env/space.ts";
import { corridor } from "./corridor.ts";

type Corridor = Env<Box, Discrete>;
type Change = Partial<Awaited<ReturnType<Corridor["step"]>>>;

/** A corridor whose every step is changed. */
function stepping(change: () => Change): Corridor {
  const env = corridor();
  return { ...env, step: (action) => ({ ...env.step(action), ...change() }) };
}

function endless(): Corridor {
  return { ...corridor(), ...stepping(() => ({ terminated: false })), step: (_) => stayed };
}
const stayed = { observation: Float32Array.of(0), reward: 0, terminated: false, truncated: false, info: {} };

let calls = 0;
const shared = Float32Array.of(0);
const masked = corridor({ masked: true });
const { snapshot: _snapshot, restore: _restore, ...forgetful } = corridor();

test.each(environments().map(({ id }) => id))("%s is in order", (id) => {
  expect(checkEnv(make(id))).toEqual([]);
});

test("an environment that masks actions is only given legal ones", () => {
  expect(checkEnv(masked)).toEqual([]);
});

describe("a finding tells of", () => {
  test.each<[string, Corridor, RegExp]>([
    [
      "a wrong type",
      stepping(() => ({ observation: [0] as never })),
      /observation that is an Array of 1; the space wants a Float32Array of 1/,
    ],
    [
      "a wrong length",
      stepping(() => ({ observation: new Float32Array(3) })),
      /that is a Float32Array of 3; the space/,
    ],
    [
      "a number out of bounds",
      stepping(() => ({ observation: Float32Array.of(5) })),
      /leaves the space in place 0: 5 is not between 0 and 4/,
    ],
    ["what is not a number", stepping(() => ({ observation: Float32Array.of(NaN) })), /is not a number in place 0/],
    ["a reward that is none", stepping(() => ({ reward: Infinity })), /returned the reward Infinity/],
    [
      "an end that is neither true nor false",
      stepping(() => ({ truncated: undefined as never })),
      /undefined for terminated and truncated/,
    ],
    [
      "a mask of the wrong size",
      stepping(() => ({ info: { actionMask: Uint8Array.of(1) } })),
      /actionMask was a Uint8Array of 1; it must be a Uint8Array of 2/,
    ],
    ["an episode without end", endless(), /No episode ended within 10000 steps/],
    [
      "a returned array that is used again",
      { ...corridor(), step: corridorInPlace(shared) },
      /changed the observation returned before it/,
    ],
    [
      "chance from elsewhere",
      stepping(() => ({ reward: calls++ })),
      /with seed 0 and the same actions part: step 1 differs/,
    ],
    ["a snapshot that forgets", { ...corridor(), ...forgetting() }, /after restore differs/],
    ["an error", { ...corridor(), reset: () => failing() }, /^It threw: no map$/],
  ])("%s", (_, env, sentence) => {
    const findings = checkEnv(env);
    expect(findings.map(({ severity }) => severity)).toContain("error");
    expect(findings.map((finding) => finding.sentence).join("\n")).toMatch(sentence);
  });

  test.each<[string, Corridor, RegExp]>([
    ["missing snapshots", forgetful, /snapshot and restore are missing/],
    ["a step after the end", stepsOn(), /A step after the end of the episode was taken without an error/],
  ])("%s, as a warning", (_, env, sentence) => {
    const [finding, ...others] = checkEnv(env);
    expect(others).toEqual([]);
    expect(finding.severity).toBe("warning");
    expect(finding.sentence).toMatch(sentence);
  });
});

function corridorInPlace(observation: Float32Array): Corridor["step"] {
  return () => {
    observation[0] = (observation[0] + 1) % 5;
    return { ...stayed, observation, terminated: observation[0] === 4 };
  };
}

/** Its snapshots miss that the wind has a state. */
function forgetting(): Partial<Corridor> {
  const env = corridor({ wind: 0.5 });
  const { random } = env.snapshot!() as { random: unknown };
  return { ...env, restore: (saved) => env.restore?.({ ...(saved as object), random }) };
}

function stepsOn(): Corridor {
  const env = corridor();
  return {
    ...env,
    step(action) {
      try {
        return env.step(action);
      } catch {
        return stayed;
      }
    },
  };
}

function failing(): never {
  throw new Error("no map");
}
