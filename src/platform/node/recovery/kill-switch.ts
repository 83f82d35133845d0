import { statSync } from "node:fs";
import { performance } from "node:perf_hooks";
import type { KillSwitch } from "../../../recovery/guard/kill-switch.ts";

const offWords = new Set(["", "0", "false", "off", "no"]);

/** On while the environment variable is set to anything but 0, false, off, no or nothing. A word nobody knows is on: the safe side. */
export function envFlag(name: string): KillSwitch {
  if (name === "") throw new TypeError(`envFlag: name must be a variable's, got "".`);
  return { isOn: () => !offWords.has((process.env[name] ?? "").trim().toLowerCase()) };
}

export interface FileFlagOptions {
  /** How long a look holds good, in milliseconds. */
  readonly everyMs?: number;
  /** In milliseconds, from anywhere. A clock that goes back makes it look again. */
  readonly now?: () => number;
}

/**
 * On while the file exists, whatever it holds: `touch` turns it on, `rm` off. Where nobody can tell, since a folder is closed to
 * us, the path is none, or the disk fails, it is on: the safe side. The look is synchronous, so that a switch thrown a second ago counts.
 */
export function fileFlag(
  path: string,
  { everyMs = 1000, now = () => performance.now() }: FileFlagOptions = {},
): KillSwitch {
  if (!(everyMs >= 0)) throw new RangeError(`fileFlag: everyMs must be at least 0, got ${everyMs}.`);
  let looked = Number.NaN;
  let on = true;
  return {
    isOn() {
      const time = now();
      const age = time - looked;
      if (!(age >= 0 && age < everyMs)) {
        on = isThere(path);
        looked = time;
      }
      return on;
    },
  };
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
