import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openBlas } from "../src/platform/node/blas.ts";
import { folder, run, small } from "./cli-harness.ts";

const found = await openBlas();
const train = ["train", "ppo", "CartPole-v1", ...small, "--set", "hidden=64,64"];
const recordOf = (out: string) => JSON.parse(readFileSync(join(out, "command.json"), "utf8"));
const at = (name: string) => join(folder, name);
const hashOf = (printed: string) => JSON.parse(printed).parametersHash;

test("products are our own unless something else is asked for, and the run says so", async () => {
  const plain = await run([...train, "--out", at("plain"), "--json"]);
  const off = await run([...train, "--out", at("off"), "--blas", "off", "--threads", "1", "--json"]);
  expect(hashOf(off.out)).toBe(hashOf(plain.out));
  expect(plain.err).not.toMatch(/BLAS|products/);
  expect(recordOf(at("plain"))).toEqual({ environment: "CartPole-v1", blas: "off", threads: 1, kernel: "wasm" });
});

test("two threads train to the bytes of one, the run remembers them, and a resumed run may have another number", async () => {
  const wide = [...train, "--set", "batchSize=256", "--set", "horizon=256", "--set", "epochs=2"];
  const one = await run([...wide, "--out", at("one"), "--json"]);
  const two = await run([...wide, "--out", at("two"), "--threads", "2", "--json"]);
  expect(hashOf(two.out)).toBe(hashOf(one.out));
  expect(two.err).toContain("products in 2 threads");
  expect(recordOf(at("two"))).toMatchObject({ threads: 2, kernel: "wasm" });

  const stopped = await run([...wide, "--out", at("paused"), "--threads", "2"], { interruptAt: "evaluation episodes" });
  const resumed = await run(["resume", at("paused"), "--threads", "1", "--json"]);
  expect([stopped.code, hashOf(resumed.out)]).toEqual([130, hashOf(one.out)]);
  expect(resumed.err).not.toContain("other bytes");
});

if (found.kind === "absent") {
  test("where there is no BLAS, auto says why and goes on without", async () => {
    const plain = await run([...train, "--out", at("without"), "--json"]);
    const auto = await run([...train, "--out", at("auto"), "--blas", "auto", "--json"]);
    expect(auto.err).toContain(`no BLAS: ${found.why}`);
    expect(hashOf(auto.out)).toBe(hashOf(plain.out));
    expect(recordOf(at("auto")).blas).toBe("off");
  });
  test.skip(`a BLAS is not tested on this machine: ${found.why}`, () => {});
} else {
  const kernel = `wasm + ${found.blas.name}`;

  describe(`with ${kernel}`, () => {
    test("auto takes what there is, says what it is, and remembers it", async () => {
      const auto = await run([...train, "--out", at("auto"), "--blas", "auto", "--json"]);
      expect(auto.code).toBe(0);
      expect(auto.err).toContain(`products by ${kernel}`);
      expect(recordOf(at("auto"))).toEqual({ environment: "CartPole-v1", blas: found.blas.path, threads: 1, kernel });
    });

    test("a resumed run goes on with the library it was begun with, to the bytes it would have had", async () => {
      const whole = await run([...train, "--out", at("whole"), "--blas", found.blas.path, "--json"]);
      const out = at("half");
      const stopped = await run([...train, "--out", out, "--blas", found.blas.path], {
        interruptAt: "evaluation episodes",
      });
      expect([stopped.code, recordOf(out).kernel]).toEqual([130, kernel]);
      const resumed = await run(["resume", out, "--json"]);
      expect(hashOf(resumed.out)).toBe(hashOf(whole.out));
      expect(resumed.err).not.toContain("other bytes");
    });
  });
}

test("a run whose library is gone is not resumed unless without it, and then with a warning", async () => {
  const out = at("moved");
  await run([...train, "--out", out], { interruptAt: "evaluation episodes" });
  const began = { ...recordOf(out), blas: "/nowhere/libblas.so", kernel: "wasm + OpenBLAS 9.9" };
  writeFileSync(join(out, "command.json"), JSON.stringify(began));

  const refused = await run(["resume", out]);
  expect(refused.code).toBe(2);
  expect(refused.err).toMatch(
    /^belay: The run was begun with wasm \+ OpenBLAS 9\.9\. --blas takes auto, off or the path/,
  );
  expect(refused.err.trim()).not.toContain("\n");
  expect(recordOf(out)).toEqual(began);

  const without = await run(["resume", out, "--blas", "off", "--quiet"]);
  expect(without.code).toBe(0);
  expect(without.err).toContain("was begun with wasm + OpenBLAS 9.9 and goes on with wasm: to other bytes.");
  expect(recordOf(out)).toMatchObject({ blas: "off", kernel: "wasm" });
});
