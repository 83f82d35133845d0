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

/** Observations are singles in both worlds; a step from the same state may differ in their last places. */
const tolerance = { relative: 2e-6, absolute: 2e-6 };

/**
 * A falling pole or a swinging chain multiplies a difference at every step, so that the sixteenth place of one sine decides
 * the first place 500 steps later. Where our observation and the recorded one differ in their last places, the recorded one
 * is taken up: every step is compared, from where Gymnasium really was. Here is what state an observation tells of.
 */
const stateOf: Readonly<Record<string, (observation: readonly number[]) => number[]>> = {
  "Acrobot-v1": ([cos1, sin1, cos2, sin2, ...speeds]) => [Math.atan2(sin1, cos1), Math.atan2(sin2, cos2), ...speeds],
  "Pendulum-v1": ([cos, sin, speed]) => [Math.atan2(sin, cos), speed],
};

function takenUp(
  id: string,
  state: readonly number[],
  observed: ArrayLike<number>,
  recorded: readonly number[],
): number[] {
  if (recorded.every((x, i) => observed[i] === x)) return [...state];
  const read = (stateOf[id] ?? ((observation: readonly number[]) => [...observation]))(recorded);
  return state.map((x, i) => (Math.fround(x) === Math.fround(read[i]) ? x : read[i]));
}

test.skipIf(!existsSync(folder))("the folder of Gymnasium's traces holds a task that we have", () => {
  expect(recorded, `${folder} holds ${existsSync(folder) && readdirSync(folder).join(", ")}`).not.toEqual([]);
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
      const now = env.snapshot?.() as { state: number[] };
      const state = takenUp(id, now.state, step.observation as Float32Array, trace.observations[t]);
      env.restore?.({ ...now, state });
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
      const now = envs.snapshot() as { states: number[] };
      const stateSize = now.states.length / traces.length;
      const states = traces.flatMap(({ observations }, i) => {
        const state = now.states.slice(i * stateSize, (i + 1) * stateSize);
        // Where the trace ends, the next episode has begun.
        if (t >= observations.length - 1) return state;
        return takenUp(id, state, envs.finalObservations.subarray(i * size, (i + 1) * size), observations[t]);
      });
      envs.restore({ ...now, states });
    }
  });
});
