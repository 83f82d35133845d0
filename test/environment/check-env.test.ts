import { describe, expect, test } from "vitest";
import { checkEnv } from "../../src/env/check-env.ts";
import type { Env } from "../../src/env/env.ts";
import { environments, make } from "../../src/env/registry.ts";
import {
  type Box,
  type Discrete,
  type MultiBinary,
  type MultiDiscrete,
  multiBinary,
  multiDiscrete,
} from "../../src/env/space.ts";
import { frameStack } from "../../src/env/wrapper/frame-stack.ts";
import { normalizeObservation, normalizeReward } from "../../src/env/wrapper/normalize.ts";
import { timeLimit } from "../../src/env/wrapper/time-limit.ts";
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

test("our own wrappers are in order, also those whose moments run on from episode to episode", () => {
  const pendulum = timeLimit(make("Pendulum-v1"), 200);
  expect(checkEnv(frameStack(normalizeReward(normalizeObservation(pendulum)), 4))).toEqual([]);
});

test("of switches and of choices in places, only legal ones are tried; that no switch may be on is legal", () => {
  expect(checkEnv(demanding(multiDiscrete([2, 3]), Uint8Array.of(0, 1, 1, 0, 1), [[1], [0, 2]]))).toEqual([]);
  expect(checkEnv(demanding(multiBinary(3), Uint8Array.of(0, 1, 0), [[0], [0, 1], [0]]))).toEqual([]);
  expect(checkEnv(demanding(multiBinary(2), Uint8Array.of(0, 0), [[0], [0]]))).toEqual([]);
});

test("a finding tells of a mask that forbids every choice in one place", () => {
  const [finding] = checkEnv(demanding(multiDiscrete([2, 3]), Uint8Array.of(1, 1, 0, 0, 0), [[0, 1], [0]]));
  expect(finding).toEqual({
    severity: "error",
    sentence: "Before step 1, info.actionMask forbade every choice in place 1; leave one, or end the episode.",
  });
});

/** A corridor that is walked through by any action, but refuses what the mask forbids. `legal[place]` lists what it allows. */
function demanding(actionSpace: MultiDiscrete | MultiBinary, actionMask: Uint8Array, legal: number[][]): Env {
  const env = corridor({ wind: 0.5 });
  const info = { actionMask };
  return {
    ...env,
    actionSpace,
    reset: (options) => ({ ...env.reset(options), info }),
    step(action) {
      const chosen = Array.from(action as Int32Array);
      if (!chosen.every((choice, place) => legal[place].includes(choice))) throw new Error(`forbidden: ${chosen}`);
      return { ...env.step(1), info };
    },
  };
}

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
      "a mask that is a plain list",
      stepping(() => ({ info: { actionMask: [1, 0] as unknown as Uint8Array } })),
      /actionMask was .*; it must be a Uint8Array of 2/,
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
    ["a time limit taken for the end", hasty(), /Each of 10 episodes .* terminated after 6 steps .* time limit seems/],
    ["a seed that is ignored", unseeded(), /Runs with seed 0 part unless restored .* seed 1 changes nothing/],
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

/** Ends after six steps, whatever is done, and calls it the end of the task. */
function hasty(): Corridor {
  let t = 6;
  return {
    ...corridor(),
    reset() {
      t = 0;
      return { observation: Float32Array.of(0), info: {} };
    },
    step() {
      if (t === 6) throw new Error("the episode has ended");
      t += 1;
      return { ...stayed, terminated: t === 6 };
    },
    snapshot: () => t,
    restore: (saved) => {
      t = saved as number;
    },
  };
}

/** Chance goes on from episode to episode, whatever the seed. */
function unseeded(): Corridor {
  const env = corridor({ wind: 0.5 });
  return { ...env, reset: () => env.reset() };
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

test("our own time limit is found sound, and refuses a step after the end", () => {
  const env = timeLimit(make("Pendulum-v1"), 50);
  expect(checkEnv(env)).toEqual([]);
  env.reset({ seed: 0 });
  for (let t = 0; t < 50; t++) env.step(Float32Array.of(0));
  expect(() => env.step(Float32Array.of(0))).toThrow("the time limit has ended this episode; call reset first");
});
