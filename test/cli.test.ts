import { execFile, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { algorithms } from "../src/algorithm/registry.ts";
import { folder, lineModule, run, small, write } from "./cli-harness.ts";

const train = (out: string, ...more: string[]) =>
  run(["train", "ppo", "CartPole-v1", ...small, "--out", join(folder, out), "--json", ...more]);

describe("train", () => {
  test("--json leaves one object on standard output, with the fields scripts rely on", async () => {
    const { code, out } = await train("fields", "--seed", "3");
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toHaveLength(1);
    const result = JSON.parse(out);
    expect(Object.keys(result)).toEqual([
      "algorithm",
      "environment",
      "seed",
      "steps",
      "seconds",
      "stepsPerSecond",
      "evaluation",
      "parametersHash",
      "run",
    ]);
    expect(Object.keys(result.evaluation)).toEqual(["episodes", "mean", "std", "iqm", "ci95"]);
    expect(result).toMatchObject({ algorithm: "ppo", environment: "CartPole-v1", seed: 3, steps: 512 });
    expect(result.evaluation.ci95).toHaveLength(2);
    expect(result.parametersHash).toMatch(/^[0-9a-f]{64}$/);
    expect(result.run).toBe(join(folder, "fields"));
  });

  test("the same seed gives the same parameters, another seed others", async () => {
    const runs = await Promise.all([train("a", "--seed", "1"), train("b", "--seed", "1"), train("c", "--seed", "2")]);
    const [a, b, c] = runs.map(({ out }) => JSON.parse(out).parametersHash);
    expect(b).toBe(a);
    expect(c).not.toBe(a);
  });

  test("without --out, a run moves into a folder of its own each time", async () => {
    const command = ["train", "a2c", "CartPole-v1", "--steps", "80", "--seed", "7", "--json"];
    const first = JSON.parse((await run(command)).out).run;
    const second = JSON.parse((await run(command)).out).run;
    expect(first).toBe(join(folder, "runs/a2c-CartPole-v1-7"));
    expect(second).toBe(`${first}-2`);
  });

  test("a preset is named, sets what was not asked for, and --defaults ignores it", async () => {
    const tuned = await run([
      "train",
      "ppo",
      "CartPole-v1",
      "--steps",
      "512",
      "--set",
      "epochs=1",
      "--out",
      join(folder, "tuned"),
    ]);
    expect(tuned.err).toContain(algorithms.ppo.presets["CartPole-v1"].source);
    expect(configOf("tuned").options).toMatchObject({ numEnvs: 8, epochs: 1, totalSteps: 512 });
    await train("plain");
    expect(configOf("plain").options).toMatchObject({ numEnvs: algorithms.ppo.defaults["numEnvs"], hidden: [8] });
  });

  test("--set reads each value by the type of the default", async () => {
    await train(
      "typed",
      "--set",
      "learningRate=1e-3",
      "--set",
      "hidden=8,4",
      "--set",
      "normalizeRewards=true",
      "--set",
      "activation=relu",
    );
    expect(configOf("typed").options).toMatchObject({
      learningRate: 0.001,
      hidden: [8, 4],
      normalizeRewards: true,
      activation: "relu",
    });
  });

  test("--quiet says nothing on standard error", async () => {
    const { code, err } = await train("quiet", "--quiet");
    expect([code, err]).toEqual([0, ""]);
  });

  test("without --json, the summary says how it went and what to do next", async () => {
    const { out } = await run(["train", "ppo", "CartPole-v1", ...small, "--out", join(folder, "told")]);
    for (const hint of ["512 steps", "100 fresh episodes", "report.html", "belay eval", "policy.act("])
      expect(out).toContain(hint);
  });
});

describe("stopping and going on", () => {
  test("an interrupted run says how to go on, and resumed it ends with the bytes of one that was not", async () => {
    const whole = JSON.parse((await train("whole")).out);
    const out = join(folder, "stopped");
    const stopped = await run(["train", "ppo", "CartPole-v1", ...small, "--out", out], {
      interruptAt: "evaluation episodes",
    });
    expect(stopped.code).toBe(130);
    expect(stopped.err).toContain(`belay resume ${out}`);

    const resumed = await run(["resume", out, "--json"]);
    expect(resumed.code).toBe(0);
    expect(JSON.parse(resumed.out)).toMatchObject({
      parametersHash: whole.parametersHash,
      evaluation: whole.evaluation,
    });

    const again = await run(["resume", out, "--json"]);
    expect([again.code, again.out]).toEqual([0, resumed.out]);
    expect(again.err).toContain("finished");
  });
});

describe("eval", () => {
  test("a run and its policy file are the same, and episodes are counted", async () => {
    await train("judged");
    const [byRun, byFile] = await Promise.all(
      ["judged", "judged/policy.safetensors"].map((path) =>
        run(["eval", join(folder, path), "--episodes", "5", "--json"]),
      ),
    );
    expect(byRun.code).toBe(0);
    const { evaluation, parametersHash, steps } = JSON.parse(byRun.out);
    expect(evaluation.episodes).toBe(5);
    expect(steps).toBe(512);
    expect(JSON.parse(byFile.out)).toMatchObject({ evaluation, parametersHash });
  });
});

describe("compare", () => {
  test("trains each algorithm once per seed and gives the middle of the final returns", async () => {
    const { code, out } = await run([
      "compare",
      "a2c",
      "reinforce",
      "--env",
      "CartPole-v1",
      "--seeds",
      "2",
      "--steps",
      "200",
      "--json",
    ]);
    expect(code).toBe(0);
    const { comparisons } = JSON.parse(out);
    expect(comparisons.map(({ algorithm }: { algorithm: string }) => algorithm)).toEqual(["a2c", "reinforce"]);
    for (const { returns, iqm } of comparisons) {
      expect(returns).toHaveLength(2);
      expect(iqm).toBeCloseTo((returns[0] + returns[1]) / 2);
    }
  });
});

describe("an environment from a module", () => {
  test("is trained in, resumed and evaluated by the run alone", async () => {
    const module = write("line.mjs", lineModule());
    const out = join(folder, "line");
    const command = ["train", "ppo", module, ...small, "--out", out];
    expect((await run(command, { interruptAt: "evaluation episodes" })).code).toBe(130);
    const resumed = await run(["resume", out, "--json"]);
    expect(JSON.parse(resumed.out)).toMatchObject({ environment: module, steps: 512 });
    expect((await run(["eval", out, "--episodes", "3"])).code).toBe(0);
  });

  test("check-env accepts a sound one and finds what is wrong with another", async () => {
    const sound = await run(["check-env", write("sound.mjs", lineModule()), "--json"]);
    expect([sound.code, JSON.parse(sound.out).sound]).toEqual([0, true]);
    const flawed = await run(["check-env", write("flawed.mjs", lineModule("reward = NaN;"))]);
    expect(flawed.code).toBe(1);
    expect(flawed.out).toContain("NaN");
  });
});

describe("telling", () => {
  test("train <algorithm> --help documents every option with its default", async () => {
    for (const { name, defaults } of Object.values(algorithms)) {
      const { code, out } = await run(["train", name, "--help"]);
      expect(code).toBe(0);
      for (const option of Object.keys(defaults))
        expect(out).toMatch(new RegExp(`--set ${option}=\\S* +\\S.* {2,}\\S`));
    }
  });

  test("every command has its help, and belay lists them", async () => {
    const { out } = await run(["--help"]);
    for (const command of [
      "train",
      "eval",
      "resume",
      "compare",
      "bench",
      "recovery",
      "envs",
      "algorithms",
      "check-env",
    ]) {
      expect(out).toContain(command);
      expect((await run([command, "--help"])).out).toContain(`belay ${command}`);
    }
  });

  test("envs and algorithms are told as JSON too", async () => {
    const { environments } = JSON.parse((await run(["envs", "--json"])).out);
    expect(environments).toContainEqual(
      expect.objectContaining({ id: "CartPole-v1", maxEpisodeSteps: 500, rewardThreshold: 475 }),
    );
    const told = JSON.parse((await run(["algorithms", "--json"])).out).algorithms;
    expect(told.map(({ name }: { name: string }) => name)).toEqual(Object.keys(algorithms));
  });
});

describe("as a process", () => {
  const entry = join(folder, "belay.js");
  beforeAll(async () => {
    write("package.json", `{ "type": "module" }`);
    await build({
      entryPoints: { belay: "src/cli/main.ts", worker: "src/platform/node/worker.ts" },
      outdir: folder,
      bundle: true,
      format: "esm",
      platform: "node",
      target: "node20",
    });
  });

  test("the first Ctrl-C ends it with 130 and a checkpoint", async () => {
    const out = join(folder, "signalled");
    const child = spawn(
      process.execPath,
      [entry, "train", "ppo", "CartPole-v1", "--steps", "100000000", "--out", out],
      { cwd: folder },
    );
    let err = "";
    child.stderr.on("data", (data) => {
      err += data;
    });
    const ended = new Promise((resolve) => child.on("exit", resolve));
    const started = setInterval(() => {
      if (
        existsSync(join(out, "events.jsonl")) &&
        /"iteration"/.test(readFileSync(join(out, "events.jsonl"), "utf8"))
      ) {
        clearInterval(started);
        child.kill("SIGINT");
      }
    }, 20);
    expect(await ended).toBe(130);
    expect(err).toContain("belay resume");
    expect(existsSync(join(out, "checkpoint"))).toBe(true);
  });

  test("several workers, in an environment of one's own, are trained, resumed and said not to be reproducible", async () => {
    const [module, out] = [write("threads.mjs", lineModule()), join(folder, "threads")];
    const program = (...args: string[]) => promisify(execFile)(process.execPath, [entry, ...args], { cwd: folder });
    const options = ["--steps", "8000", "--set", "hidden=8", "--out", out];
    const { stdout, stderr } = await program("train", "a3c", module, ...options, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ steps: 8000, reproducible: false });
    expect(stderr).toContain("2 workers change the parameters in an order that is left to chance");

    // As if it had been cut off before its last checkpoint, the one that holds the policy.
    const events = () =>
      readFileSync(join(out, "events.jsonl"), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
    const told = events();
    const last = told.findLastIndex(({ kind }) => kind === "checkpoint");
    rmSync(join(out, told[last].file));
    rmSync(join(out, "policy.safetensors"));
    write(
      "threads/events.jsonl",
      told
        .slice(0, last)
        .map((event) => `${JSON.stringify(event)}\n`)
        .join(""),
    );
    const resumed = await program("resume", out, "--json");
    expect(JSON.parse(resumed.stdout)).toMatchObject({ steps: 8000, reproducible: false });
    expect(events().find(({ kind }) => kind === "resumed").steps).toBe(4000);
  });

  test("a refusal is one line on standard error, and code 2", async () => {
    const child = spawn(process.execPath, [entry, "train", "pppo", "CartPole-v1"], { cwd: folder });
    let [out, err] = ["", ""];
    child.stdout.on("data", (data) => {
      out += data;
    });
    child.stderr.on("data", (data) => {
      err += data;
    });
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(2);
    expect([out, err.trimEnd().split("\n").length]).toEqual(["", 1]);
  });
});

function configOf(out: string) {
  return JSON.parse(readFileSync(join(folder, out, "config.json"), "utf8"));
}
