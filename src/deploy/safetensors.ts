import type { NumberArray } from "../math/snapshot.ts";

/** Numbers with a shape; ∏ shape = data.length. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: NumberArray;
}

/** What a safetensors file holds. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

type DtypeName = keyof typeof dtypes;

const dtypes = {
  F64: { bytes: 8, create: (buffer: ArrayBuffer) => new Float64Array(buffer) },
  F32: { bytes: 4, create: (buffer: ArrayBuffer) => new Float32Array(buffer) },
  I32: { bytes: 4, create: (buffer: ArrayBuffer) => new Int32Array(buffer) },
  U8: { bytes: 1, create: (buffer: ArrayBuffer) => new Uint8Array(buffer) },
} as const;

/** Header length before the header: a 64-bit integer. */
const PREFIX = 8;

/**
 * The safetensors format, https://github.com/huggingface/safetensors#format: header length, JSON header, numbers.
 * Equal contents make equal bytes. Wide types come first, so that every tensor is aligned to its type.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tensors).map(([name, tensor]) => ({ name, ...tensor, dtype: dtypeOf(tensor.data) }));
  entries.sort((a, b) => dtypes[b.dtype].bytes - dtypes[a.dtype].bytes || compare(a.name, b.name));

  const names = Object.keys(metadata).sort(compare);
  const fields: [string, unknown][] = [
    ["__metadata__", Object.fromEntries(names.map((name) => [name, metadata[name]]))],
  ];
  let end = 0;
  for (const { name, shape, data, dtype } of entries) {
    if (name === "__metadata__") throw new RangeError(`encodeSafetensors: no tensor may be named "__metadata__".`);
    if (product(shape) !== data.length) {
      throw new RangeError(
        `encodeSafetensors: "${name}" has shape [${shape}], which is ${product(shape)} numbers, but ${data.length} came.`,
      );
    }
    const begin = end;
    end += data.byteLength;
    fields.push([name, { dtype, shape, data_offsets: [begin, end] }]);
  }

  const json = asciiJson(Object.fromEntries(fields));
  const header = json.padEnd(Math.ceil(json.length / 8) * 8);
  const bytes = new Uint8Array(PREFIX + header.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  for (let i = 0; i < header.length; i++) bytes[PREFIX + i] = header.charCodeAt(i);
  let offset = PREFIX + header.length;
  for (const { data } of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/** Reads what any safetensors writer wrote in F64, F32, I32 and U8. The tensors are copies. */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const { header, numbers } = split(bytes);
  const tensors: [string, Tensor][] = [];
  const ranges: [begin: number, end: number, name: string][] = [];
  let metadata: Record<string, string> = {};

  for (const [name, field] of Object.entries(header)) {
    if (name === "__metadata__") {
      if (!isRecord(field) || Object.values(field).some((text) => typeof text !== "string")) {
        refuse(`"__metadata__" must hold strings only`);
      }
      metadata = field as Record<string, string>;
      continue;
    }
    const { dtype, shape, begin, end } = checkedField(name, field, numbers.length);
    // A copy starts at offset 0 of a buffer of its own, aligned for every type. (Node's Buffer.slice would not copy.)
    const own = new Uint8Array(numbers.subarray(begin, end));
    tensors.push([name, { shape, data: dtypes[dtype].create(own.buffer) }]);
    ranges.push([begin, end, name]);
  }

  ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let covered = 0;
  for (const [begin, end, name] of ranges) {
    if (begin < covered) refuse(`"${name}" overlaps the tensor before it`);
    if (begin > covered) refuse(`bytes ${covered} to ${begin} of the numbers belong to no tensor`);
    covered = end;
  }
  if (covered !== numbers.length) refuse(`its tensors end at byte ${covered} of ${numbers.length}`);
  return { tensors: Object.fromEntries(tensors), metadata };
}

function split(bytes: Uint8Array): { header: Record<string, unknown>; numbers: Uint8Array } {
  if (bytes.length < PREFIX) refuse(`it is ${bytes.length} bytes long; even an empty one has ${PREFIX + 2}`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - PREFIX) {
    refuse(
      `its header claims ${length} bytes, but only ${bytes.length - PREFIX} follow: it is cut short or something else`,
    );
  }
  const numbers = bytes.subarray(PREFIX + length);
  try {
    const header: unknown = JSON.parse(decodeUtf8(bytes.subarray(PREFIX, PREFIX + length)));
    if (isRecord(header)) return { header, numbers };
  } catch {} // told below, in one sentence for all that a header can be
  refuse("its header is not a JSON object");
}

function checkedField(
  name: string,
  field: unknown,
  available: number,
): { dtype: DtypeName; shape: number[]; begin: number; end: number } {
  if (!isRecord(field)) refuse(`"${name}" must be an object with dtype, shape and data_offsets`);
  const { dtype, shape, data_offsets: offsets } = field;
  if (typeof dtype !== "string" || !Object.hasOwn(dtypes, dtype)) {
    refuse(`"${name}" has dtype ${JSON.stringify(dtype)}; known are ${Object.keys(dtypes).join(", ")}`);
  }
  if (!isCounts(shape)) refuse(`"${name}" has shape ${JSON.stringify(shape)}; it must be an array of counts`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1] || offsets[1] > available) {
    refuse(
      `"${name}" lies at ${JSON.stringify(offsets)}, outside the ${available} bytes of numbers: it is cut short or corrupt`,
    );
  }
  const [begin, end] = offsets;
  const known = dtype as DtypeName;
  if (end - begin !== product(shape) * dtypes[known].bytes) {
    refuse(
      `"${name}" is ${end - begin} bytes long, but shape [${shape}] of ${dtype} takes ${product(shape) * dtypes[known].bytes}`,
    );
  }
  return { dtype: known, shape, begin, end };
}

function refuse(reason: string): never {
  throw new Error(`decodeSafetensors: not a sound safetensors file: ${reason}.`);
}

function dtypeOf(data: NumberArray): DtypeName {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Float64Array) return "F64";
  return data instanceof Int32Array ? "I32" : "U8";
}

/** JSON in ASCII: whatever lies beyond stands inside strings, where it can be escaped. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The core knows no TextDecoder, but `decodeURIComponent` is one, and refuses what is not UTF-8. */
function decodeUtf8(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return decodeURIComponent(text.replace(/[%\u0080-\u00ff]/g, (c) => `%${c.charCodeAt(0).toString(16)}`));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, count) => size * count, 1);
}

/** By code unit, whatever the host's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
