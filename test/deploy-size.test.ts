import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const sizes: { entry: string; gzipped: number; ceiling: number; inputs: string[] }[] = JSON.parse(
  execFileSync("node", ["scripts/measure-size.mjs", "--json"], { cwd: root, encoding: "utf8" }),
);
const deploy = sizes.find(({ entry }) => entry === "src/deploy/index.ts")!;

test("belay-rl/deploy reaches no training code", () => {
  const folders = new Set(deploy.inputs.map((path) => path.split("/").slice(0, -1).join("/")));
  expect([...folders].sort()).toEqual([
    "node_modules/@noble/hashes",
    "src/deploy",
    "src/deploy/head",
    "src/env",
    "src/kernel/reference",
    "src/math",
  ]);
});

test("belay-rl/deploy stays under its ceiling, and the ceiling under 15 kB gzipped", () => {
  expect(deploy.gzipped).toBeLessThanOrEqual(deploy.ceiling);
  expect(deploy.ceiling).toBeLessThanOrEqual(15_000);
});
