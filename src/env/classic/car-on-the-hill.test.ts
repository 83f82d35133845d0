import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { carOnTheHill, curvature, height, slope } from "./car-on-the-hill.ts";

const left = 0;
const right = 1;

/** One step: where the car gets to, what that earns, and whether the task is over. */
function after(position: number, velocity: number, action: number) {
  const state = Float64Array.of(position, velocity);
  const reward = carOnTheHill.advance(state, 0, Float32Array.of(action), 0);
  return { position: state[0], velocity: state[1], reward, isOver: carOnTheHill.isTerminal(state, 0) };
}

test.each([-0.9, -0.5, -0.1, 0.1, 0.5, 0.9])("slope and curvature at %f are those of the height", (p) => {
  const h = 1e-4;
  expect(slope(p)).toBeCloseTo((height(p + h) - height(p - h)) / (2 * h), 6);
  expect(curvature(p)).toBeCloseTo((slope(p + h) - slope(p - h)) / (2 * h), 6);
});

test("the two halves of the hill meet in height and slope", () => {
  expect([height(0), slope(0)]).toEqual([0, 1]);
  expect(height(-1e-9)).toBeCloseTo(0, 8);
  expect(slope(-1e-9)).toBeCloseTo(1, 8);
});

test("what the push does is all that the energy gains: ½ v² (1 + Hill′²) + g Hill − u p stays", () => {
  const energy = (p: number, v: number, u: number) => (v * v * (1 + slope(p) ** 2)) / 2 + 9.81 * height(p) - u * p;
  const random = createRandom(0);
  for (let i = 0; i < 50; i++) {
    const [p, v] = [1.4 * random.uniform() - 0.7, 3 * random.uniform() - 1.5];
    for (const [action, u] of [
      [left, -4],
      [right, 4],
    ]) {
      const { position, velocity } = after(p, v, action);
      expect(Math.abs(energy(position, velocity, u) - energy(p, v, u))).toBeLessThan(0.02);
    }
  }
});

test("at the top on the right earns 1, too fast or out on the left −1, and each ends it", () => {
  expect(after(0.95, 1.5, right)).toMatchObject({ reward: 1, isOver: true });
  expect(after(0.95, 2.99, right)).toMatchObject({ reward: -1, isOver: true });
  expect(after(-0.95, -1, left)).toMatchObject({ reward: -1, isOver: true });
  expect(after(-0.5, 0, right)).toMatchObject({ reward: 0, isOver: false });
});

test("full throttle alone does not get it up the hill", () => {
  let [position, velocity, highest] = [-0.5, 0, -1];
  for (let step = 0; step < 300; step++) {
    ({ position, velocity } = after(position, velocity, right));
    highest = Math.max(highest, position);
  }
  expect(highest).toBeLessThan(0.5);
});
