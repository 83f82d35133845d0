import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { codeOf } from "./file.ts";

/** The process that holds a lock. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Milliseconds since 1970: a container's processes have the same numbers again and again. */
  readonly started: number;
}

/** Takes the lock, from a process that is no more if need be. Returns what gives it back, or who holds it. */
export async function takeLock(file: string): Promise<(() => Promise<void>) | Holder> {
  const self: Holder = { pid: process.pid, host: hostname(), started: Math.round(performance.timeOrigin) };
  const mine = JSON.stringify(self);
  while (!(await created(file, mine))) {
    const text = await contents(file);
    if (text === null) continue; // given back meanwhile
    const holder = parsed(text);
    if (holder && isAlive(holder, self)) return holder;
    await removeDead(file, text);
  }
  return async () => {
    if ((await contents(file)) === mine) await rm(file, { force: true });
  };
}

/**
 * For work that lasts milliseconds: waits for its turn. A lock that stays the same for `patienceMs`, by no clock that can be set,
 * was left by a process that cannot be seen, on another host say, or that hangs, and is taken from it.
 */
export async function waitForLock(file: string, patienceMs = 10_000): Promise<() => Promise<void>> {
  let known = "";
  let since = performance.now();
  while (true) {
    const lock = await takeLock(file);
    if (typeof lock === "function") return lock;
    const seen = await identityOf(file);
    if (seen !== known) {
      known = seen;
      since = performance.now();
    } else if (performance.now() - since > patienceMs) {
      await removeDead(file, JSON.stringify(lock));
    }
    await setTimeout(2 + 8 * Math.random()); // or those who wait would always meet
  }
}

/** Differs from one taking of a lock to the next. */
async function identityOf(file: string): Promise<string> {
  const { ino, mtimeMs } = await stat(file).catch(() => ({ ino: 0, mtimeMs: 0 }));
  return `${ino} ${mtimeMs}`;
}

async function created(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** What the lock says; null where there is none. One that says nothing may be in the making: it is given a moment. */
async function contents(file: string): Promise<string | null> {
  const text = await textOf(file);
  if (text !== "") return text;
  await setTimeout(100);
  return textOf(file);
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** One at a time may remove a dead process's lock, and looks again before: else it might remove its successor's. */
async function removeDead(file: string, dead: string): Promise<void> {
  const takeover = `${file}.takeover`;
  if (!(await created(takeover, ""))) {
    if (await isAbandoned(takeover)) await rm(takeover, { force: true });
    else await setTimeout(10);
    return;
  }
  try {
    if ((await contents(file)) === dead) await rm(file, { force: true });
  } finally {
    await rm(takeover, { force: true });
  }
}

/** A takeover lasts milliseconds: one this old was cut off. */
async function isAbandoned(takeover: string): Promise<boolean> {
  const { mtimeMs } = await stat(takeover).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
  return Date.now() - mtimeMs > 10_000;
}

/** Of another host's processes nothing can be known: they count as alive. */
function isAlive({ pid, host, started }: Holder, self: Holder): boolean {
  if (host !== self.host) return true;
  if (pid === self.pid) return started === self.started;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function parsed(text: string): Holder | null {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    return Number.isSafeInteger(holder?.pid) && Number(holder?.pid) > 0 ? (holder as Holder) : null;
  } catch {
    return null;
  }
}
