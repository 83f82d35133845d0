import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { WorkerHost } from "../algorithm/worker-host.ts";
import type { Env } from "../env/env.ts";
import { makerIn } from "../env/environment-module.ts";
import { didYouMean } from "../env/near-name.ts";
import { environments, make } from "../env/registry.ts";
import { nodeWorkerHost } from "../platform/node/worker-host.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

/** An environment that was asked for by id or by the path of a module. */
export interface FoundEnvironment {
  /** As it names itself: "CartPole-v1". */
  readonly id: string;
  readonly makeEnv: () => Env;
  /** The module it comes from, in full, or null where it is registered. */
  readonly module: string | null;
}

/** A registered id, or the path of a module that exports an environment. */
export async function findEnvironment(name: string, folder: string): Promise<FoundEnvironment> {
  const ids = environments().map(({ id }) => id);
  if (ids.includes(name)) return { id: name, makeEnv: () => make(name), module: null };
  if (looksLikePath(name)) return importEnvironment(resolve(folder, name));
  throw new UsageError(
    `unknown environment "${name}". ${didYouMean(name, ids)}` +
      `Environments are: ${ids.join(", ")}, or the path of a module (.js or .mjs) that exports one.`,
  );
}

/** Threads that can make it, too. */
export function workerHostOf(
  { module }: Pick<FoundEnvironment, "module">,
  { workerScript: script }: Pick<Io, "workerScript"> = {},
): WorkerHost {
  return nodeWorkerHost({ environmentModule: module && pathToFileURL(module), ...(script && { script }) });
}

function looksLikePath(name: string): boolean {
  return /[/\\]/.test(name) || /\.[cm]?[jt]sx?$/.test(name);
}

async function importEnvironment(path: string): Promise<FoundEnvironment> {
  if (/\.[cm]?tsx?$/.test(path)) {
    throw new UsageError(`${path} is TypeScript: compile it, and give the .js or .mjs that comes out.`);
  }
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new UsageError(`there is no environment module ${path}.`);
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new UsageError(`the environment module ${path} cannot be loaded: ${firstLine(error)}.`);
  }
  const makeEnv = makerIn(module);
  if (!makeEnv) {
    const exported = Object.keys(module).join(", ") || "nothing";
    throw new UsageError(
      `${path} must export a function that makes an environment, as default, make or env; it exports ${exported}.`,
    );
  }
  return { id: idOf(path, makeEnv), makeEnv, module: path };
}

/** Makes one, to see that it can be made and that it is an environment. */
function idOf(path: string, makeEnv: () => unknown): string {
  let env: Partial<Env> | null | undefined;
  try {
    env = makeEnv() as Partial<Env>;
  } catch (error) {
    throw new UsageError(`${path} throws as it makes its environment: ${firstLine(error)}.`);
  }
  const missing = (["id", "observationSpace", "actionSpace", "reset", "step"] as const).filter(
    (name) => env?.[name] === undefined || env[name] === null,
  );
  if (missing.length > 0) {
    throw new UsageError(`${path} does not make an environment: what it makes has no ${missing.join(", no ")}.`);
  }
  env?.close?.();
  return String(env?.id);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0].replace(/\.$/, "");
}
