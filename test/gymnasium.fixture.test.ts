import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Env } from "../src/env/env.ts";
import { environments, make } from "../src/env/registry.ts";
import { encodeAction } from "../src/env/space-value.ts";
import { vectorEnv } from "../src/env/vector-env.ts";
import { expectClose, fixtureFolder } from "./fixture.ts";

/** One recorded episode of Gymnasium. */
interface Trace {
  readonly seed: number;
  readonly startState: readonly number[];
  readonly startObservation: readonly number[];
  readonly actions: readonly (number | readonly number[])[];
  readonly observations: readonly (readonly number[])[];
  readonly rewards: readonly number[];
  readonly terminated: readonly boolean[];
  readonly truncated: readonly boolean[];
}

const folder = join(fixtureFolder, "gymnasium");
const known = environments().map(({ id }) => id);
const recorded = existsSync(folder) ? known.filter((id) => existsSync(join(folder, `${id}.json`))) : [];

/** Observations are singles in both worlds, and agree to their last place. */
const tolerance = { relative: 1e-7, absolute: 1e-7 };

/**
 * A falling pole multiplies any difference by 1.08 at each step, so that the sixteenth place of one sum decides the first
 * place 500 steps later. Where our single and the recorded one differ in their last places, the recorded one is taken up:
 * every step is compared, from where Gymnasium really was.
 */
const unstable = ["CartPole-v1"];

function takenUp(state: readonly number[], recorded: readonly number[]): number[] {
  return state.map((x, i) => (Math.fround(x) === recorded[i] ? x : recorded[i]));
}

test("the folder of Gymnasium's traces is there and holds a task that we have", () => {
  const found = existsSync(folder) ? readdirSync(folder) : [];
  expect(recorded, `${folder} holds ${found.join(", ") || "nothing"}`).not.toEqual([]);
});

describe.each(recorded)("%s", (id) => {
  const traces = JSON.parse(readFileSync(join(folder, `${id}.json`), "utf8")) as Trace[];

  test("its file holds traces, all parts of one length", () => {
    expect(traces.length).toBeGreaterThan(0);
    for (const { actions, observations, rewards, terminated, truncated } of traces) {
      expect(actions.length).toBeGreaterThan(0);
      const lengths = [observations, rewards, terminated, truncated].map((part) => part.length);
      expect(lengths).toEqual(Array(4).fill(actions.length));
    }
  });

  test.each(traces.map((trace, i) => ({ ...trace, i })))("trace $i, of seed $seed, runs as in Gymnasium", (trace) => {
    const env: Env = make(id);
    const start = env.reset({ options: { state: trace.startState } });
    expectClose(start.observation as Float32Array, trace.startObservation, "first observation", tolerance);
    trace.actions.forEach((action, t) => {
      const step = env.step(typeof action === "number" ? action : Float32Array.from(action));
      expectClose(step.observation as Float32Array, trace.observations[t], `observation ${t}`, tolerance);
      expectClose([step.reward], [trace.rewards[t]], `reward ${t}`, tolerance);
      expect([step.terminated, step.truncated], `end ${t}`).toEqual([trace.terminated[t], trace.truncated[t]]);
      if (!unstable.includes(id)) return;
      const now = env.snapshot?.() as { state: number[] };
      env.restore?.({ ...now, state: takenUp(now.state, trace.observations[t]) });
    });
  });

  test("all traces run side by side in the vector environment as in Gymnasium", () => {
    const envs = vectorEnv(() => make(id), traces.length);
    expect("vectorize" in make(id)).toBe(true);
    envs.reset(0);
    const snapshot = envs.snapshot() as { states: number[] };
    envs.restore({ ...snapshot, states: traces.flatMap(({ startState }) => startState) });
    const size = envs.observationSize;
    const actions = new Float32Array(traces.length * envs.actionSize);
    traces.forEach(({ startObservation }, i) => {
      expectClose(
        envs.observations.subarray(i * size, (i + 1) * size),
        startObservation,
        `trace ${i}, first observation`,
        tolerance,
      );
    });
    for (let t = 0; t < Math.max(...traces.map((trace) => trace.actions.length)); t++) {
      const running = traces.map((trace, i) => ({ trace, i })).filter(({ trace }) => t < trace.actions.length);
      for (const { trace, i } of running) {
        const action = trace.actions[t];
        const value = typeof action === "number" ? action : Float32Array.from(action);
        encodeAction(envs.actionSpace, value, actions, i * envs.actionSize);
      }
      envs.step(actions);
      for (const { trace, i } of running) {
        const where = `trace ${i}, step ${t}`;
        expectClose(envs.finalObservations.subarray(i * size, (i + 1) * size), trace.observations[t], where, tolerance);
        expectClose([envs.rewards[i]], [trace.rewards[t]], `${where}, reward`, tolerance);
        expect([envs.terminated[i], envs.truncated[i]], where).toEqual([
          Number(trace.terminated[t]),
          Number(trace.truncated[t]),
        ]);
      }
      if (!unstable.includes(id)) continue;
      const now = envs.snapshot() as { states: number[] };
      const states = now.states.map((x, k) => {
        const { observations } = traces[Math.floor(k / size)];
        return t < observations.length - 1 ? takenUp([x], [observations[t][k % size]])[0] : x;
      });
      envs.restore({ ...now, states });
    }
  });
});
