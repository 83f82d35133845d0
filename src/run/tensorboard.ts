import { concatenated } from "../math/concatenated.ts";
import { crc32c } from "../math/crc32c.ts";
import type { RunEvent } from "./event.ts";

/** A whole file, to which records may be appended. */
export function tensorboardFile(events: readonly RunEvent[]): Uint8Array {
  const version = record(concatenated([double(1, (events[0]?.time ?? 0) / 1000), text(3, "brain.Event:2")]));
  return concatenated([version, ...events.map(tensorboardRecord).filter((bytes) => bytes !== null)]);
}

/** An event's numbers as one record, or null where it has none. Tags are `group/name`, as TensorBoard's pages are. */
export function tensorboardRecord(event: RunEvent): Uint8Array | null {
  const scalars = Object.entries(scalarsOf(event)).filter(([, value]) => Number.isFinite(value));
  if (scalars.length === 0) return null;
  const summary = scalars.map(([tag, value]) => message(1, concatenated([text(1, tag), float(2, value)])));
  return record(
    concatenated([double(1, event.time / 1000), integer(2, event.steps), message(5, concatenated(summary))]),
  );
}

function scalarsOf(event: RunEvent): Record<string, number> {
  switch (event.kind) {
    case "iteration": {
      const scalars: Record<string, number> = { "speed/stepsPerSecond": event.stepsPerSecond };
      for (const [name, value] of Object.entries(event.metrics)) scalars[`train/${name}`] = value;
      if (event.episodes) scalars["episode/return"] = event.episodes.meanReturn;
      if (event.episodes) scalars["episode/length"] = event.episodes.meanLength;
      return scalars;
    }
    case "evaluation":
      return { "evaluation/mean": event.evaluation.mean, "evaluation/iqm": event.evaluation.iqm };
    default:
      return {};
  }
}

/** TFRecord: length, masked checksum of it, data, masked checksum of it; all little-endian. */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(crc32c(bytes.subarray(0, 8))), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(bytes.subarray(12, 12 + data.length))), true);
  return bytes;
}

/** A checksum stored beside what it sums is masked, by TensorFlow's rule. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

// ── protocol buffers: a field is its number and wire type, then its value ───────────────────────────────────────────

function integer(field: number, value: number): Uint8Array {
  return Uint8Array.of(...varint(field * 8), ...varint(value));
}

function double(field: number, value: number): Uint8Array {
  const bytes = Uint8Array.of(field * 8 + 1, 0, 0, 0, 0, 0, 0, 0, 0);
  new DataView(bytes.buffer).setFloat64(1, value, true);
  return bytes;
}

function float(field: number, value: number): Uint8Array {
  const bytes = Uint8Array.of(field * 8 + 5, 0, 0, 0, 0);
  new DataView(bytes.buffer).setFloat32(1, value, true);
  return bytes;
}

function message(field: number, body: Uint8Array): Uint8Array {
  return concatenated([Uint8Array.of(field * 8 + 2, ...varint(body.length)), body]);
}

function text(field: number, ascii: string): Uint8Array {
  const bytes = new Uint8Array(ascii.length);
  for (let i = 0; i < ascii.length; i++) bytes[i] = ascii.charCodeAt(i);
  return message(field, bytes);
}

/** Seven bits a byte, lowest first; the eighth says that more follow. Division, because steps may pass 2³². */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
