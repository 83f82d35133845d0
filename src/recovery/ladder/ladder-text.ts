import { crc32c } from "../../math/crc32c.ts";
import { type Ladder, modes } from "./ladder.ts";

const FORMAT = "belay-ladder/1";

/** A ladder as a file: JSON with its checksum. */
export function encodeLadder(ladder: Ladder): string {
  const text = JSON.stringify(ladder);
  return `{"format":"${FORMAT}","checksum":"${checksum(text)}","ladder":${text}}\n`;
}

/** A file that is no whole ladder: cut short, damaged, or changed by hand. */
export class DamagedLadderError extends Error {
  override readonly name = "DamagedLadderError";
}

/** Reads what `encodeLadder` wrote. Throws `DamagedLadderError`, or a plain one where a newer version wrote it. */
export function decodeLadder(text: string): Ladder {
  const file = parsed(text);
  if (typeof file?.format === "string" && file.format !== FORMAT) {
    throw new Error(`decodeLadder: this version of belay-rl reads ${FORMAT}, got ${JSON.stringify(file.format)}.`);
  }
  if (!file?.ladder || !modes.includes(file.ladder.mode)) {
    throw new DamagedLadderError(`decodeLadder: not a whole ladder: ${text.length} characters that are not ${FORMAT}.`);
  }
  const found = checksum(JSON.stringify(file.ladder));
  if (found === file.checksum) return file.ladder;
  throw new DamagedLadderError(
    `decodeLadder: the file does not match its checksum, ${file.checksum}, but has ${found}: it was damaged or changed.`,
  );
}

function parsed(text: string): Partial<{ format: unknown; checksum: unknown; ladder: Ladder }> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Over code units: what counts is that a change shows. */
function checksum(text: string): string {
  const units = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    units[2 * i] = unit & 0xff;
    units[2 * i + 1] = unit >> 8;
  }
  return (crc32c(units) >>> 0).toString(16).padStart(8, "0");
}
