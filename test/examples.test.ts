import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodePolicy, make, ppo, train } from "belay-rl";
import { afterAll, expect, test } from "vitest";
import * as customEnvironment from "../examples/custom-environment.ts";
import * as customLoop from "../examples/custom-loop.ts";
import * as recoveryAdapters from "../examples/recovery-adapters.ts";
import * as resume from "../examples/resume.ts";
import * as savedPolicy from "../examples/saved-policy.ts";
import * as trainCartPole from "../examples/train-cart-pole.ts";

const folder = mkdtempSync(join(tmpdir(), "belay-examples-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("train-cart-pole solves the task, whose threshold is 475", async () => {
  const { mean, push, parametersHash } = await trainCartPole.main();
  expect(mean).toBeGreaterThanOrEqual(475);
  expect(push).toBe("right");
  expect(parametersHash).toMatch(/^[0-9a-f]{64}$/);
});

test("custom-environment finds the cure of each fault, and comes to the optimum that is known", async () => {
  const { findings, plan, mean, optimum } = await customEnvironment.main();
  expect(findings).toEqual([]);
  expect(plan).toEqual({ glitch: "retry", overload: "wait", outage: "switch" });
  // The deviation of a return is below 2, so that of the mean of 2000 is below 0.045.
  expect(Math.abs(mean - optimum)).toBeLessThan(0.15);
});

test("custom-loop passes its three lessons, and stops where the KL is too large", async () => {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const { passed, steps, reason } = await customLoop.main({ print });
  expect([passed, reason]).toEqual([[50, 200, 500], "every lesson passed"]);
  expect(lines.length).toBe(steps / (8 * 64));
  expect(await customLoop.main({ print, largestKl: 0 })).toEqual({
    passed: [],
    steps: 512,
    reason: "the policy leapt",
  });
});

test("saved-policy pushes the cart under the pole, from the file alone", async () => {
  const { policy } = await train(ppo, () => make("CartPole-v1"), { seed: 1, totalSteps: 8192, horizon: 512 });
  const path = join(folder, "policy.safetensors");
  writeFileSync(path, encodePolicy(policy, policy.training));
  const [left, , right] = savedPolicy.main(path);
  expect([left.push, right.push]).toEqual(["left", "right"]);
  expect(left.probability).toBeGreaterThan(0.5);
});

test("resume ends with the bytes of the run that was not interrupted", async () => {
  const { uninterrupted, resumed } = await resume.main();
  expect(resumed).toBe(uninterrupted);
  expect(resumed).toMatch(/^[0-9a-f]{64}$/);
});

test("recovery-adapters gets through two failures in each frame, and decides alike in all of them", async () => {
  const { decisions, temporal, aws, ...bodies } = await recoveryAdapters.main();
  expect(new Set(Object.values(bodies))).toEqual(new Set(['{"QueueUrls":["one"]}']));
  expect([aws, temporal]).toEqual(["one", 5]);
  const twice = ["retry:5 5XX", "retry:20 ok"];
  expect(decisions).toEqual([...twice, ...twice, ...twice, ...twice, "retry:5 unknown"]);
});

test("an example that is run as a program prints its result", () => {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const words = ["scripts/run-typescript.mjs", "examples/resume.ts"];
  expect(execFileSync(process.execPath, words, { cwd: root, encoding: "utf8" })).toMatch(/resumed: '[0-9a-f]{64}'/);
});
