import { expect, test } from "vitest";
import { referenceKernel } from "../kernel/reference.ts";
import { type Batch, createThinning } from "./minibatches.ts";

const kernel = referenceKernel({ bytes: 2 ** 20 });

/** Ten rows whose every number says which row it is. */
function tenRows(): Batch {
  const column = (width: number) => kernel.float32(10 * width).map((_, i) => Math.floor(i / width));
  const masks = kernel.uint8(20);
  for (let i = 0; i < 20; i++) masks[i] = i >> 1;
  const [logProbs, values, advantages, returns] = [1, 1, 1, 1].map(column);
  return { size: 10, observations: column(3), actions: column(1), masks, logProbs, values, advantages, returns };
}

test("a share of a batch is that share of its rows, evenly spaced, rounded up, and read anew each time", () => {
  const batch = tenRows();
  const thinned = createThinning(kernel, batch, 0.3);
  const { size, observations, masks, logProbs } = thinned();
  expect(size).toBe(3);
  expect([...logProbs]).toEqual([0, 3, 6]);
  expect([...observations]).toEqual([0, 0, 0, 3, 3, 3, 6, 6, 6]);
  expect([...masks!]).toEqual([0, 0, 3, 3, 6, 6]);
  batch.logProbs[3] = -1;
  expect(thinned().logProbs[1]).toBe(-1);
  expect(createThinning(kernel, batch, 0.01)().size).toBe(1);
});

test("the whole of a batch is the batch itself", () => {
  const batch = tenRows();
  expect(createThinning(kernel, batch, 1)()).toBe(batch);
});
