import { expect, test } from "vitest";
import { a2c } from "../../src/algorithm/a2c.ts";
import { parametersHash } from "../../src/deploy/policy-file.ts";
import { make } from "../../src/env/registry.ts";
import { wasmKernel } from "../../src/kernel/wasm-kernel.ts";

test("memory is shared where the host allows it, as Node does, and plain where it is asked to be", () => {
  expect(wasmKernel({ bytes: 2 ** 20 }).float32(1).buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(wasmKernel({ bytes: 2 ** 20, shared: false }).float32(1).buffer).toBeInstanceOf(ArrayBuffer);
});

test("a run ends with the same bytes in shared memory and in plain", async () => {
  const hashes: string[] = [];
  for (const shared of [true, false]) {
    const run = a2c(
      () => make("CartPole-v1"),
      { totalSteps: 2000 },
      { kernel: wasmKernel({ bytes: 2 ** 22, shared }) },
    );
    let hash = "";
    for await (const { policy } of run) hash = parametersHash(policy.parameters);
    hashes.push(hash);
  }
  expect(hashes[0]).toBe(hashes[1]);
});

test("a reservation that WebAssembly cannot make is refused with its bounds", () => {
  expect(() => wasmKernel({ bytes: 2 ** 33 })).toThrow(
    "wasmKernel: bytes must lie between 1 and 4 GiB, got 8589934592.",
  );
  expect(() => wasmKernel({ bytes: 0 })).toThrow("got 0.");
});

test("a second kernel in a shared memory computes on the arrays of the first, and hands out none", () => {
  const first = wasmKernel({ bytes: 2 ** 20, shared: true });
  const numbers = first.float32(5).fill(3);
  const second = wasmKernel({ memory: first.memory });
  second.scale(numbers, 2);
  expect([...numbers]).toEqual([6, 6, 6, 6, 6]);
  expect(() => second.float32(1)).toThrow("wasmKernel: cannot hand out 4 bytes");
});
