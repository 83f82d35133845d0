import type { Env } from "./env.ts";

/** What of a module makes an environment, by convention: its default export, `make` or `env`; null if that is no function. */
export function makerIn(module: Readonly<Record<string, unknown>>): (() => Env) | null {
  const maker = module["default"] ?? module["make"] ?? module["env"];
  return typeof maker === "function" ? (maker as () => Env) : null;
}
