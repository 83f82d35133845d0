import { expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";

/** Written by safetensors 0.8.0 for Python: weights [2, 3] F32, mean [2] F64, ids [2] I32, mask [3] U8. */
const pythonFile = Uint8Array.from(
  atob(
    "IAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJiZWxheSI6IsOcYnVuZyDimIMg8J+YgCAxMDAlIn0sIm1lYW4iOnsiZHR5cGUiOiJGNjQiLCJzaGFw" +
      "ZSI6WzJdLCJkYXRhX29mZnNldHMiOlswLDE2XX0sIndlaWdodHMiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzIsM10sImRhdGFfb2Zmc2V0cyI6" +
      "WzE2LDQwXX0sImlkcyI6eyJkdHlwZSI6IkkzMiIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzQwLDQ4XX0sIm1hc2siOnsiZHR5cGUiOiJV" +
      "OCIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6WzQ4LDUxXX19ICAgICCamZmZmZm5P5qZmZmZmck/AAAAAAAAgD4AAAA/AABAPwAAgD8AAKA/" +
      "/////wcAAAABAP8=",
  ),
  (c) => c.charCodeAt(0),
);

const everyType = {
  weights: { shape: [2, 3], data: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) },
  mean: { shape: [2], data: Float64Array.of(0.1, 0.2) },
  ids: { shape: [2], data: Int32Array.of(-1, 7) },
  mask: { shape: [3], data: Uint8Array.of(1, 0, 255) },
};

/** A file with this header, whatever it says, and this many bytes of numbers. */
function fileOf(header: unknown, numbers: number): Uint8Array {
  const json = typeof header === "string" ? header : JSON.stringify(header);
  const bytes = new Uint8Array(8 + json.length + numbers);
  bytes[0] = json.length;
  bytes.set(
    [...json].map((c) => c.charCodeAt(0)),
    8,
  );
  return bytes;
}

test("a file that the Python library wrote is read to the last bit", () => {
  const { tensors, metadata } = decodeSafetensors(pythonFile);
  expect(tensors).toEqual(everyType);
  expect(metadata).toEqual({ belay: "Übung ☃ 😀 100%" });
});

test("what is written is read back: shapes, types, scalars, empty tensors, odd names, any Unicode", () => {
  const tensors = {
    ...everyType,
    scalar: { shape: [], data: Float32Array.of(9) },
    empty: { shape: [0, 4], data: new Float32Array(0) },
    "12": { shape: [1], data: Uint8Array.of(3) },
    "größe/☃": { shape: [2], data: new Float32Array([1, 2, 3, 4]).subarray(1, 3) },
  };
  const metadata = { belay: "Übung ☃ 😀 100% \u0000 \ud800", empty: "" };
  expect(decodeSafetensors(encodeSafetensors(tensors, metadata))).toEqual({ tensors, metadata });
});

test("the layout is the format's: header padded with spaces to 8 bytes, wide types first, no holes", () => {
  const bytes = encodeSafetensors(everyType, { a: "b" });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const json = String.fromCharCode(...bytes.subarray(8, 8 + length));
  expect(length % 8).toBe(0);
  expect(json).toMatch(/^\{.*\} *$/);
  expect(Object.entries(JSON.parse(json)).map(([name, field]) => [name, (field as never)["data_offsets"]])).toEqual([
    ["__metadata__", undefined],
    ["mean", [0, 16]],
    ["ids", [16, 24]],
    ["weights", [24, 48]],
    ["mask", [48, 51]],
  ]);
  expect(bytes.length).toBe(8 + length + 51);
});

test("equal contents make equal bytes, whatever order they come in", () => {
  const { weights, mean, ids, mask } = everyType;
  const one = encodeSafetensors({ weights, mean, ids, mask }, { a: "1", b: "2" });
  expect(encodeSafetensors({ mask, ids, mean, weights }, { b: "2", a: "1" })).toEqual(one);
});

test("a Buffer that stands in the middle of a larger one is read as any bytes are", () => {
  const bytes = encodeSafetensors({ x: { shape: [3], data: Float32Array.of(1, 2, 3) } });
  const inPool = Buffer.concat([Buffer.alloc(24, 7), bytes]).subarray(24);
  expect(decodeSafetensors(inPool).tensors["x"].data).toEqual(Float32Array.of(1, 2, 3));
});

test("a file cut short anywhere is refused", () => {
  const bytes = encodeSafetensors(everyType, { a: "b" });
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(
      /^decodeSafetensors: not a sound safetensors file/,
    );
  }
});

test("each fault of a header is named", () => {
  const field = (changes: object) => ({ dtype: "F32", shape: [2], data_offsets: [0, 8], ...changes });
  const faults: [header: unknown, numbers: number, message: string][] = [
    ["{", 0, "its header is not a JSON object"],
    ["[]", 0, "its header is not a JSON object"],
    ['{"\xff":1}', 0, "its header is not a JSON object"],
    [{ __metadata__: { a: 1 } }, 0, '"__metadata__" must hold strings only'],
    [{ a: 1 }, 0, '"a" must be an object with dtype, shape and data_offsets'],
    [{ a: field({ dtype: "F16" }) }, 8, '"a" has dtype "F16"; known are F64, F32, I32, U8'],
    [{ a: field({ dtype: "toString" }) }, 8, '"a" has dtype "toString"; known are F64, F32, I32, U8'],
    [{ a: field({ shape: [-2] }) }, 8, '"a" has shape [-2]; it must be an array of counts'],
    [{ a: field({ shape: [3] }) }, 8, '"a" is 8 bytes long, but shape [3] of F32 takes 12'],
    [{ a: field({}) }, 7, '"a" lies at [0,8], outside the 7 bytes of numbers: it is cut short or corrupt'],
    [{ a: field({ data_offsets: [8, 0] }) }, 8, '"a" lies at [8,0], outside the 8 bytes of numbers'],
    [{ a: field({ data_offsets: [0] }) }, 8, '"a" lies at [0], outside the 8 bytes of numbers'],
    [{ a: field({}), b: field({ data_offsets: [4, 12] }) }, 12, '"b" overlaps the tensor before it'],
    [{ a: field({}), b: field({ data_offsets: [12, 20] }) }, 20, "bytes 8 to 12 of the numbers belong to no tensor"],
    [{ a: field({}) }, 9, "its tensors end at byte 8 of 9"],
  ];
  for (const [header, numbers, message] of faults) {
    expect(() => decodeSafetensors(fileOf(header, numbers))).toThrow(`not a sound safetensors file: ${message}`);
  }
});

test("a header length beyond the file is told as such, be it ever so large", () => {
  expect(() => decodeSafetensors(new Uint8Array(16).fill(255))).toThrow(
    "claims 18446744073709552000 bytes, but only 8 follow",
  );
});

test("a tensor whose shape does not fit its data is not written", () => {
  expect(() => encodeSafetensors({ a: { shape: [2, 2], data: new Float32Array(3) } })).toThrow(
    'encodeSafetensors: "a" has shape [2,2], which is 4 numbers, but 3 came.',
  );
});
