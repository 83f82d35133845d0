import { expect, test } from "vitest";
import { sections } from "../src/cli/recovery/sections.ts";
import { run } from "./cli-harness.ts";

test("belay recovery refuses what it has not, and says what it has", async () => {
  const { code, err } = await run(["recovery", "benhc"]);
  expect(code).toBe(2);
  expect(err).toMatch(/^belay: belay recovery has no "benhc"\. Did you mean bench\? It has: .*bench.*\.\n$/);
});

test("belay recovery refuses a seed that is none before it measures anything", async () => {
  const { code, out, err } = await run(["recovery", "bench", "--seed", "-1"]);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain("--seed");
});

test("the help of belay recovery tells its topics", async () => {
  const { code, out } = await run(["recovery", "--help"]);
  expect(code).toBe(0);
  expect(out).toContain("belay recovery bench");
  expect(out).toContain("--quick");
});

test("no two sections of the benchmark have one title", () => {
  expect(new Set(sections.map(({ title }) => title)).size).toBe(sections.length);
});
