import { expect, test } from "vitest";
import type { RunEvent } from "./event.ts";
import { tensorboardFile, tensorboardRecord } from "./tensorboard.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const evaluation = { episodes: 1, returns: [2], lengths: [2], mean: 2, std: 0, iqm: 1.5, ci95: [2, 2] } as const;

test("a file begins with the version record, byte for byte", () => {
  // length 24, masked crc32c of the length as TensorFlow writes it for every such file, then the Event:
  // 09 wall_time (1 s), 1a 0d file_version "brain.Event:2".
  expect(hex(tensorboardFile([{ kind: "resumed", time: 1000, steps: 0 }])).slice(0, 24 + 48)).toBe(
    `${"1800000000000000"}${"a37f4b22"}${"09000000000000f03f"}${"1a0d"}${Buffer.from("brain.Event:2").toString("hex")}`,
  );
});

test("an evaluation becomes one record of two scalars, decoded here by hand", () => {
  const event: RunEvent = { kind: "evaluation", time: 2000, steps: 300, evaluation, best: true };
  const bytes = tensorboardRecord(event);
  if (!bytes) throw new Error("no record");
  const data = bytes.subarray(12, -4);
  expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(BigInt(data.length));
  const mean = Buffer.from("evaluation/mean").toString("hex");
  const iqm = Buffer.from("evaluation/iqm").toString("hex");
  expect(hex(data)).toBe(
    "090000000000000040" + // 1: wall_time = 2.0
      "10ac02" + // 2: step = 300 = 0b10_0101100
      "2a2f" + // 5: summary, 47 bytes
      `0a16${"0a0f"}${mean}${"15"}00000040` + // 1: value, 22 bytes: 1: tag, 2: simple_value = 2
      `0a15${"0a0e"}${iqm}${"15"}0000c03f`, // 1: value, 21 bytes: 1.5
  );
});

test("steps beyond 32 bits are written whole", () => {
  const bytes = tensorboardRecord({ kind: "evaluation", time: 0, steps: 2 ** 35, evaluation, best: true });
  expect(bytes && hex(bytes.subarray(12 + 9, 12 + 9 + 7))).toBe("10808080808001"); // 2³⁵ = 1 followed by five groups of seven zeros
});

test("events without numbers, and numbers that are not finite, leave no record", () => {
  expect(tensorboardRecord({ kind: "resumed", time: 0, steps: 0 })).toBeNull();
});
