import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sections } from "../src/cli/recovery/sections.ts";
import { createStyle } from "../src/cli/terminal/style.ts";
import { folder, run } from "./cli-harness.ts";

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

test("each hard case has its section", () => {
  const titles = sections.map(({ title }) => title);
  for (const part of [/RetryStorm/, /twice/, /[Pp]oison/, /fate/, /Reroute/])
    expect(titles.some((title) => part.test(title))).toBe(true);
});

test("what a section shows is made of what it measured", async () => {
  const section = sections.find(({ title }) => /twice/.test(title)) ?? expect.fail("no such section");
  const style = createStyle({ color: false });
  const { json, text } = await section.measure({ seed: 3, quick: true });
  expect(json).toMatchObject({ doubleEffect: { guarded: { runs: 20_000, doubleEffects: 0 } } });
  expect(text(style)).toMatch(/^20,000 runs, .* 0 done twice/);
});

test("belay recovery demo trains, lets faults happen, and tells one object, a picture and a page", async () => {
  const { code, out } = await run(["recovery", "demo", "--quick", "--seed", "2", "--json", "--out", folder]);
  expect(code).toBe(0);
  const told = JSON.parse(out);
  expect(told).toMatchObject({ seed: 2, seconds: 4, absent: null });
  expect(told.training.policyHash).toMatch(/^[0-9a-f]{64}$/);
  expect(told.contestants.map(({ name }: { name: string }) => name)).toEqual(["cockatiel", "runbook", "learned"]);
  for (const { name, pages, lost, doubleEffects } of told.contestants) {
    expect([name, pages, lost]).toEqual([name, 48, 0]);
    if (name !== "cockatiel") expect(doubleEffects).toBe(0);
  }
  const page = readFileSync(join(folder, "recovery-demo.html"), "utf8");
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).not.toMatch(/https?:/);
}, 30_000);
