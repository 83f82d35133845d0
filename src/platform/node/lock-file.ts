import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";

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
    const holder = parsed(text);
    if (holder && isAlive(holder, self)) return holder;
    await setAside(file, text);
  }
  return async () => {
    if ((await contents(file)) === mine) await rm(file, { force: true });
  };
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

/** What the lock says. One that says nothing may be in the making: it is given a moment. */
async function contents(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  if (text !== "") return text;
  await setTimeout(100);
  return readFile(file, "utf8").catch(() => "");
}

/** Of several that want a dead process's lock out of the way, one moves it; a living one's, moved by mistake, goes back. */
async function setAside(file: string, dead: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if ((await readFile(aside, "utf8")) === dead) await rm(aside);
  else await rename(aside, file);
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

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
