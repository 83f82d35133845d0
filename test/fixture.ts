import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

/** Where the reference numbers are: BELAY_FIXTURES, or this repository's own. */
export const fixtureFolder = process.env["BELAY_FIXTURES"] ?? "test/fixtures";

if (!["algorithms", "gymnasium"].some((part) => existsSync(join(fixtureFolder, part)))) {
  throw new Error(`BELAY_FIXTURES: ${fixtureFolder} has neither a folder algorithms nor one gymnasium.`);
}

export interface Fixture<Case> {
  readonly name: string;
  /** Its cases; none where the file is absent, which skips it by name. */
  readonly cases: readonly Case[];
  readonly absent: boolean;
}

/** The cases in algorithms/<name>.json. A file that is present must hold some. */
export function algorithmFixture<Case>(name: string): Fixture<Case> {
  const content = algorithmFile<{ readonly cases: readonly Case[] }>(name);
  if (content && !(content.cases.length > 0)) throw new Error(`algorithms/${name}.json holds no cases.`);
  return { name, cases: content?.cases ?? [], absent: content === null };
}

/** The whole of algorithms/<name>.json, or null where it is absent. */
export function algorithmFile<Content>(name: string): Content | null {
  const path = join(fixtureFolder, "algorithms", `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Content) : null;
}

/** Fails unless every number agrees: within `relative` of the expected one, or `absolute`, whichever is larger. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  where: string,
  { relative = 1e-5, absolute = 1e-5 }: { relative?: number; absolute?: number } = {},
): void {
  expect(actual.length, `${where}: length`).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const bound = Math.max(absolute, relative * Math.abs(expected[i]));
    const error = Math.abs(actual[i] - expected[i]);
    expect(error, `${where}[${i}]: ${actual[i]} against ${expected[i]}`).toBeLessThanOrEqual(bound);
  }
}

/** Kernels to hold against the reference libraries: each must agree by itself. */
export { referenceKernel } from "../src/kernel/reference.ts";
export { wasmKernel } from "../src/kernel/wasm-kernel.ts";
