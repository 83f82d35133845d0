import { expect, test } from "vitest";
import { createRandom } from "../math/random.ts";
import { actionByChance } from "../policy/action-by-chance.ts";
import { epsilonGreedy, explorationAt } from "./epsilon-greedy.ts";

const schedule = { explorationInitial: 1, explorationFinal: 0.05, explorationFraction: 0.1 };

test("ε falls on a line over the first share of the run, and stays", () => {
  expect(explorationAt(0, schedule)).toBe(1);
  expect(explorationAt(0.05, schedule)).toBeCloseTo(0.525, 12); // half way from 1 to 0.05
  expect(explorationAt(0.1, schedule)).toBe(0.05);
  expect(explorationAt(1, schedule)).toBe(0.05);
  expect(explorationAt(0, { ...schedule, explorationFraction: 0 })).toBe(0.05);
});

/** What is chosen for so many rows, all of which greed would give action 3. */
function chosen(epsilon: number, rows: number, masks: Uint8Array | null = null) {
  const calls = { greedy: 0 };
  const act = epsilonGreedy(
    4,
    () => epsilon,
    createRandom(1),
    (_observations, _masks, actions) => {
      calls.greedy++;
      actions.fill(3);
    },
  );
  const actions = new Float32Array(rows);
  act(new Float32Array(rows), masks, actions);
  return { actions: [...actions], calls };
}

test("with probability ε one of n actions is taken, each as likely, otherwise the greedy one", () => {
  const { actions } = chosen(0.4, 10_000);
  const share = (action: number) => actions.filter((each) => each === action).length / 10_000;
  for (const action of [0, 1, 2]) expect(share(action)).toBeCloseTo(0.1, 1.5);
  expect(share(3)).toBeCloseTo(0.7, 1.5);
});

test("greed is asked once for all, and not at all where chance decides everything", () => {
  expect(chosen(0, 5)).toEqual({ actions: [3, 3, 3, 3, 3], calls: { greedy: 1 } });
  expect(chosen(1, 100).calls.greedy).toBe(0);
});

test("chance takes no forbidden action, and the allowed ones alike", () => {
  const masks = Uint8Array.of(1, 1, 1, 1, 0, 1, 0, 1);
  const random = createRandom(2);
  const drawn = Array.from({ length: 1000 }, () => actionByChance(4, masks, 1, random));
  expect(new Set(drawn)).toEqual(new Set([1, 3]));
  expect(drawn.filter((action) => action === 1).length / 1000).toBeCloseTo(0.5, 1);
});
