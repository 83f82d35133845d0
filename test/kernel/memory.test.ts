import { expect, test } from "vitest";
import { checkedKernel } from "../../src/kernel/checked.ts";
import { largeProductPeak, matrixProductPeak, measureDense } from "../../src/kernel/peak.ts";
import { referenceKernel } from "../../src/kernel/reference.ts";
import { wasmKernel } from "../../src/kernel/wasm-kernel.ts";

const kernels = [referenceKernel, wasmKernel];

test("arrays start at cache lines, hold zeros and share one buffer", () => {
  for (const create of kernels) {
    const kernel = create({ bytes: 2 ** 20 });
    const arrays = [kernel.float32(3), kernel.uint8(5), kernel.int32(70), kernel.float32(1)];
    for (const array of arrays) {
      expect(array.byteOffset % 64).toBe(0);
      expect(array.buffer).toBe(arrays[0].buffer);
      expect([...array].every((value) => value === 0)).toBe(true);
    }
    expect(arrays[3].byteOffset).toBeGreaterThanOrEqual(arrays[2].byteOffset + 280);
    expect(kernel.bytesUsed).toBe(arrays[3].byteOffset + 4);
  }
});

test("a full kernel says who refused, what was asked and how to have more", () => {
  for (const create of kernels) {
    const kernel = create({ bytes: 2 ** 20 });
    expect(() => kernel.float32(2 ** 18)).toThrow(RangeError);
    expect(() => kernel.float32(2 ** 18)).toThrow(
      new RegExp(
        `^${create.name}: cannot hand out 1048576 bytes, .* of the 1048576 reserved .*${create.name}\\(\\{ bytes \\}\\)`,
      ),
    );
    expect(() => kernel.float32(-1)).toThrow("must be a non-negative integer");
    expect(kernel.float32(16).length).toBe(16);
  }
});

test("the peak and the layers' speeds come from operations counted and time passed", () => {
  for (const create of kernels) {
    let time = 0;
    const now = () => (time += 10); // every run takes 10 ms
    const kernel = create({ bytes: 2 ** 20 });
    const [layer] = measureDense(kernel, now, [{ batch: 2, inputs: 3, outputs: 5 }]);
    expect(layer.forward).toBeCloseTo((2 * 2 * 3 * 5) / 10 / 1e6, 9);
    expect(layer.backwardWeights).toBe(layer.forward);
    expect(layer.backwardInput).toBe(layer.forward);
    expect(matrixProductPeak(kernel, now).gflops).toBeGreaterThan(0);
  }
});

test("a library's peak is that of a product of 512×512×512", () => {
  let time = 0;
  const { gflops } = largeProductPeak(wasmKernel({ bytes: 2 ** 22 }), () => (time += 10));
  expect(gflops).toBeCloseTo((2 * 512 ** 3) / 10 / 1e6, 9);
});

test("a checked kernel refuses arrays from elsewhere and does the work otherwise", () => {
  for (const create of kernels) {
    const kernel = checkedKernel(create({ bytes: 2 ** 20 }));
    const mine = kernel.float32(2).fill(3);
    kernel.scale(mine, 2);
    expect([...mine]).toEqual([6, 6]);
    expect(() => kernel.addScaled(mine, 1, new Float32Array(2))).toThrow(
      `addScaled: argument 3 does not lie in the ${kernel.name} kernel's memory; take it from kernel.float32, uint8 or int32.`,
    );
  }
});
