import { expect, test } from "vitest";
import { referenceKernel } from "../kernel/reference.ts";
import { createRandom } from "../math/random.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { type Estimates, gae } from "./gae.ts";
import { vtrace } from "./vtrace.ts";

/** Of T steps of one environment; what is not told is 0. */
function rolloutOf(told: Partial<Record<keyof Rollout, readonly number[]>>, T: number): Rollout {
  const numbers = (name: keyof Rollout) => Float32Array.from({ length: T }, (_, t) => told[name]?.[t] ?? 0);
  const flags = (name: keyof Rollout) => Uint8Array.from({ length: T }, (_, t) => told[name]?.[t] ?? 0);
  return {
    T,
    N: 1,
    observations: new Float32Array(0),
    actions: new Float32Array(0),
    masks: null,
    logProbs: numbers("logProbs"),
    rewards: numbers("rewards"),
    values: numbers("values"),
    nextValues: numbers("nextValues"),
    terminated: flags("terminated"),
    truncated: flags("truncated"),
  };
}

function estimatesOf(T: number): Estimates {
  return { advantages: new Float32Array(T), returns: new Float32Array(T) };
}

function logProbability(logits: readonly number[], action: number): number {
  return logits[action] - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
}

test("the published errors v − V of rlax and trfl come out, a reward and a discount at a time", () => {
  // deepmind/rlax vtrace_test.py and trfl vtrace_ops_test.py.
  const behaviour = [
    [
      [8.9, 0.7],
      [5, 1],
      [0.6, 0.1],
      [-0.9, -0.1],
    ],
    [
      [0.3, -5],
      [1, -8],
      [0.3, 1.7],
      [4.7, 3.3],
    ],
  ];
  const target = [
    [
      [0.4, 0.5],
      [9.2, 8.8],
      [0.7, 4.4],
      [7.9, 1.4],
    ],
    [
      [1, 0.9],
      [1, -1],
      [-4.3, 8.7],
      [0.8, 0.3],
    ],
  ];
  const actions = [
    [0, 1, 0, 0],
    [1, 0, 0, 1],
  ];
  const rewards = [
    [-1.3, -1.3, 2.3, 42],
    [1.3, 5.3, -3.3, -5],
  ];
  const discounts = [
    [0, 0.89, 0.85, 0.99],
    [0.88, 1, 0.83, 0.95],
  ];
  const values = [
    [2.1, 1.1, -3.1, 0],
    [3.1, 0.1, -1.1, 7.4],
  ];
  const bootstrap = [8.4, -1.2];
  const expected = [
    [-1.6155143, -3.4973224, 1.8670535, 50.316],
    [1.4662434, 3.6116402, -8.3369236e-5, -13.54],
  ];
  actions.forEach((taken, row) => {
    const ratio = (t: number) => logProbability(target[row][t], taken[t]) - logProbability(behaviour[row][t], taken[t]);
    // Theirs differ in discount from step to step, ours do not: from the end, a step at a time, vₜ₊₁ is what is known.
    // With V(sₜ₊₁) replaced by its share, v − V = ρ (r + γ V′ − V) + γ c (v′ − V′) is that of two steps.
    let later = { value: bootstrap[row], corrected: bootstrap[row] };
    for (let t = 3; t >= 0; t--) {
      const discount = discounts[row][t];
      const V = values[row][t];
      const pair = rolloutOf(
        {
          rewards: [rewards[row][t], later.corrected],
          values: [V, later.value],
          nextValues: [later.value, 0],
          terminated: [Number(discount === 0), 1],
        },
        2,
      );
      const out = estimatesOf(2);
      const options = { discount, lambda: 1, maxImportance: 1, maxTrace: 1 };
      vtrace(pair, Float32Array.of(ratio(t), 0), options, out);
      expect(out.returns[0] - V).toBeCloseTo(expected[row][t], 4);
      later = { value: V, corrected: out.returns[0] };
    }
  });
});

test("on policy, with bounds of at least 1, the values are GAE's returns, and λ means the same", () => {
  const kernel = referenceKernel();
  const random = createRandom(1);
  const T = 40;
  const drawn = () => Array.from({ length: T }, () => random.normal());
  const ends = (share: number) => drawn().map((x) => Number(x < share));
  const told = rolloutOf(
    { rewards: drawn(), values: drawn(), nextValues: drawn(), terminated: ends(-1.5), truncated: ends(-1.5) },
    T,
  );
  for (const lambda of [0, 0.9, 1]) {
    const [ours, theirs] = [estimatesOf(T), estimatesOf(T)];
    gae(kernel, told, { discount: 0.9, lambda }, theirs);
    vtrace(told, told.logProbs, { discount: 0.9, lambda, maxImportance: 1, maxTrace: 1 }, ours);
    for (let t = 0; t < T; t++) expect(ours.returns[t], `step ${t}`).toBeCloseTo(theirs.returns[t], 5);
  }
});

test("a cut keeps its value and lets nothing across; a termination is worth nothing", () => {
  const steps = { rewards: [1, 2], values: [3, 5], nextValues: [7, 11] };
  const options = { discount: 0.5, lambda: 1, maxImportance: 1, maxTrace: 1 };
  const ratio = Float32Array.of(Math.log(0.8), Math.log(4));
  const out = estimatesOf(2);
  vtrace(rolloutOf({ ...steps, truncated: [1, 0] }, 2), ratio, options, out);
  // v₁ = 5 + 1 (2 + 0.5·11 − 5) = 7.5; v₀ = 3 + 0.8 (1 + 0.5·7 − 3) = 4.2, Â₀ = 0.8 · 1.5.
  expect(out.returns[1]).toBeCloseTo(7.5, 6);
  expect(out.returns[0]).toBeCloseTo(4.2, 6);
  expect(out.advantages[0]).toBeCloseTo(1.2, 6);
  vtrace(rolloutOf({ ...steps, terminated: [1, 0] }, 2), ratio, options, out);
  // v₀ = 3 + 0.8 (1 − 3) = 1.4.
  expect(out.returns[0]).toBeCloseTo(1.4, 6);
  expect(out.advantages[0]).toBeCloseTo(-1.6, 6);
});

test("ρ̄ bounds the errors and the advantages, c̄ what comes back from later steps, in each of two environments by itself", () => {
  const columns = { rewards: [1, 1, 2, 2], values: [3, 3, 5, 5], nextValues: [5, 5, 11, 11] };
  const pair = { ...rolloutOf(columns, 4), T: 2, N: 2 };
  const out = estimatesOf(4);
  // π / μ is 4 in the first environment, 0.5 in the second.
  const ratio = Float32Array.from([4, 0.5, 4, 0.5], Math.log);
  vtrace(pair, ratio, { discount: 0.5, lambda: 0.9, maxImportance: 2, maxTrace: 1.5 }, out);
  // Last steps: δ = 2 + 0.5·11 − 5 = 2.5, times 2 and times 0.5.
  // First steps: δ = 1 + 0.5·5 − 3 = 0.5; v₀ − V = 2·0.5 + 0.9·1.5·0.5·5 = 4.375 and 0.5·0.5 + 0.9·0.5·0.5·1.25 = 0.53125;
  // Â₀ = 2 (0.5 + 0.5·5) = 6 and 0.5 (0.5 + 0.5·1.25) = 0.5625.
  const expected = { returns: [7.375, 3.53125, 10, 6.25], advantages: [6, 0.5625, 5, 1.25] };
  expected.returns.forEach((v, i) => void expect(out.returns[i]).toBeCloseTo(v, 5));
  expected.advantages.forEach((advantage, i) => void expect(out.advantages[i]).toBeCloseTo(advantage, 5));
});
