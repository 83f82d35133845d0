import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { algorithms } from "../src/algorithm/registry.ts";
import { load } from "../src/deploy/load.ts";
import { folder, lineModule, run, small, write } from "./cli-harness.ts";

const cartPole = ["train", "ppo", "CartPole-v1"];
const edit = (name: string, from: string, to: string) => write(name, readFileSync(at(name), "utf8").replace(from, to));
const at = (name: string) => join(folder, name);

describe("a wrong request ends with 2 and one line that says what came and what is accepted", () => {
  const set = (setting: string) => [...cartPole, "--set", setting];
  const module = (name: string) => ["train", "ppo", at(name)];

  beforeAll(async () => {
    write("a-file", "");
    write("typed.ts", "");
    write("broken.mjs", "export default (");
    write("empty.mjs", "");
    write("number.mjs", "export default 3;");
    write("throwing.mjs", "export default () => { throw new Error('no such device'); };");
    write("other.mjs", "export const make = () => ({ id: 'Half-v0', reset() {} });");
    write(
      "dict.mjs",
      lineModule().replace('{ kind: "discrete", n: 2, start: 0 }', '{ kind: "dict", spaces: { a: box } }'),
    );
    write("offline.mjs", lineModule().replace("reset() {", "reset() { throw new TypeError('offline');"));
    mkdirSync(at("strangers"));
    write("strangers/thesis.tex", "");
    expect((await run([...cartPole, ...small, "--out", at("taken")])).code).toBe(0);
    for (const name of ["busy", "changed", "mistyped"]) cpSync(at("taken"), at(name), { recursive: true });
    write("busy/events.jsonl", "");
    write("busy/run.lock", JSON.stringify({ pid: process.ppid, host: hostname(), started: 0 }));
    edit("changed/config.json", '"epochs": 10', '"epochs": 3');
    edit("mistyped/config.json", '"batchSize": 32', '"batchSize": "32"');
    const policy = readFileSync(at("taken/policy.safetensors"));
    write("truncated.safetensors", policy.subarray(0, policy.length - 100));
    write("spoiled.safetensors", policy.with(policy.length - 50, policy[policy.length - 50] ^ 64));
    write("stranger.safetensors", "not tensors at all");
  });

  const cases: readonly (readonly [name: string, argv: readonly string[], said: readonly RegExp[]])[] = [
    ["an unknown command", ["tarin"], [/unknown command "tarin"/, /Did you mean train\?/, /check-env/]],
    ["an unknown flag", [...cartPole, "--sed", "1"], [/no flag --sed/, /Did you mean --seed/, /--steps/]],
    ["a missing operand", ["train", "ppo"], [/takes <algorithm> <environment>, got "ppo"/]],
    ["one operand too many", ["train", "ppo", "CartPole-v1", "0"], [/got "ppo" "CartPole-v1" "0"/]],
    [
      "an unknown algorithm",
      ["train", "poo", "CartPole-v1"],
      [/unknown algorithm "poo"/, /Did you mean ppo\?/, new RegExp(Object.keys(algorithms).join(", "))],
    ],
    [
      "an unknown environment",
      ["train", "ppo", "Cartpole"],
      [/unknown environment "Cartpole"/, /Did you mean CartPole-v1\?/, /Pendulum-v1/],
    ],
    [
      "an algorithm that does not take the actions",
      ["train", "dqn", "Pendulum-v1"],
      [/dqn cannot act in Pendulum-v1: its actions are of kind box, dqn takes discrete/],
    ],
    [
      "an unknown option",
      set("learninRate=1"),
      [/ppo has no option "learninRate"/, /Did you mean learningRate\?/, /clipRange/],
    ],
    ["a setting without a value", set("epochs"), [/takes name=value, got "epochs"/]],
    ["a word where a number belongs", set("batchSize=many"), [/batchSize must be a number, such as 64, got "many"/]],
    ["a number where a flag belongs", set("normalizeRewards=1"), [/normalizeRewards must be true or false, got "1"/]],
    ["a word in a list of numbers", set("hidden=64,wide"), [/hidden must be numbers .* such as 64,64, got "64,wide"/]],
    ["a number out of range", set("discount=1.5"), [/discount must lie in \[0, 1\], got 1.5/]],
    ["a width of zero", set("hidden=64,0"), [/hidden must be a list of positive integers, got \[64,0\]/]],
    [
      "a name that is none of those accepted",
      set("activation=swish"),
      [/activation must be one of tanh, relu, elu, identity, got "swish"/],
    ],
    ["no steps", [...cartPole, "--steps", "0"], [/--steps must be an integer of at least 1, got "0"/]],
    ["half a step", [...cartPole, "--steps", "1.5"], [/--steps must be an integer/]],
    ["a negative seed", [...cartPole, "--seed", "-1"], [/--seed must be an integer of at least 0, got "-1"/]],
    [
      "a seed too high to count on from",
      [...cartPole, "--seed", "9007199254740991"],
      [/seed must be at most 9007194959773695 \(2\^53 − 1 − 2\^32\), got 9007199254740991/],
    ],
    ["such a seed as an option", set("seed=9007199254740991"), [/seed must be at most 9007194959773695/]],
    ["a flag without its value", [...cartPole, "--seed"], [/--seed needs a value: --seed S/]],
    ["a flag given twice", [...cartPole, "--seed", "1", "--seed", "2"], [/--seed was given twice/]],
    [
      "a BLAS that is not there",
      [...cartPole, "--blas", "/nowhere/libblas.so"],
      [/--blas takes auto, off or the path of a CBLAS: \/nowhere\/libblas\.so cannot be loaded/],
    ],
    [
      "a BLAS without a name",
      [...cartPole, "--blas", ""],
      [/--blas takes auto, off or the path of a CBLAS, got nothing/],
    ],
    ["no thread at all", [...cartPole, "--threads", "0"], [/--threads/, /got "?0/]],
    ["too many threads", [...cartPole, "--threads", "65"], [/--threads must be from 1 to 64, got 65/]],
    ["a folder below a file", [...cartPole, "--out", at("a-file/run")], [/a-file/, /is a file, not a folder/]],
    ["a folder that holds a run", [...cartPole, "--out", at("taken")], [/already holds a run/]],
    ["a folder that holds other things", [...cartPole, "--out", at("strangers")], [/thesis\.tex/, /new or empty/]],
    ["a module that is not there", module("nowhere.mjs"), [/there is no environment module .*nowhere\.mjs/]],
    ["a module in TypeScript", module("typed.ts"), [/is TypeScript: compile it/]],
    ["a module that does not parse", module("broken.mjs"), [/broken\.mjs cannot be loaded/]],
    ["a module that exports nothing", module("empty.mjs"), [/must export a function .* it exports nothing/]],
    ["a module that exports something else", module("number.mjs"), [/must export a function .* it exports default/]],
    [
      "a module whose environment cannot be made",
      module("throwing.mjs"),
      [/throws as it makes its environment: no such device/],
    ],
    ["a module that makes something else", module("other.mjs"), [/has no observationSpace, no actionSpace, no step/]],
    [
      "actions that the algorithm cannot take",
      module("dict.mjs"),
      [/ppo cannot act in Line-v0/, /kind dict/, /discrete/],
    ],
    [
      "observations that the algorithm cannot take",
      ["train", "q-learning", "CartPole-v1"],
      [/q-learning cannot act in CartPole-v1: its observations are of kind box/, /discrete, multi-discrete, tuple/],
    ],
    ["nothing to evaluate", ["eval", at("nothing")], [/there is no run or policy file .*nothing/]],
    ["a folder without a policy", ["eval", at("strangers")], [/holds no policy yet/, /policy\.safetensors/]],
    ["a truncated policy file", ["eval", at("truncated.safetensors")], [/truncated\.safetensors cannot be used: /]],
    [
      "a policy file with a changed byte",
      ["eval", at("spoiled.safetensors")],
      [/spoiled\.safetensors cannot be used: /],
    ],
    ["a file that is no policy", ["eval", at("stranger.safetensors")], [/stranger\.safetensors cannot be used: /]],
    [
      "a rollout that no memory holds",
      set("horizon=100000000"),
      [
        /ppo cannot begin in CartPole-v1 with these options: experience and networks need .*: wasmKernel: bytes must lie/,
      ],
    ],
    [
      "a run that is under way",
      ["resume", at("busy")],
      [/a run is under way in .*busy, in process \d+ on /, /run\.lock/],
    ],
    [
      "a run whose options were changed",
      ["resume", at("changed")],
      [/config\.json was changed since .*: epochs was 10, is 3\. Put it back/],
    ],
    ["a run with an option of the wrong type", ["resume", at("mistyped")], [/batchSize must be .*, got "32"/]],
    ["no episodes", ["eval", at("taken"), "--episodes", "0"], [/--episodes must be an integer of at least 1/]],
    ["nothing to resume", ["resume", at("nowhere")], [/nowhere is not a run/]],
    ["a comparison without an environment", ["compare", "ppo"], [/needs an environment: --env ID/]],
    ["a comparison without an algorithm", ["compare", "--env", "CartPole-v1"], [/takes <algorithm>, got nothing/]],
  ];

  test.each(cases)("%s", async (_, argv, said) => {
    const { code, out, err } = await run(argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^belay: [^\n]+\n$/);
    for (const words of said) expect(err).toMatch(words);
  });

  test.each([set("discount=2"), set("horizon=100000000"), module("offline.mjs")])(
    "and nothing is written: %s %s %s",
    async (...argv) => {
      const out = join(at("never"), "at", "all");
      const { code, err } = await run([...argv.flat(), "--out", out]);
      expect(code).toBe(argv.includes(at("offline.mjs")) ? 1 : 2); // there, the environment is at fault
      expect(err).toMatch(/^belay: [^\n]+\n$/);
      expect(existsSync(at("never"))).toBe(false);
    },
  );

  test.runIf(existsSync("/proc/self"))("a place where nobody may make a folder", async () => {
    const { code, err } = await run([...cartPole, "--out", "/proc/belay-test"]);
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^belay: [^\n]*there is no such folder, and none can be made\.\n$/),
    ]);
  });
});

describe("a damaged run", () => {
  const damage = (name: string) => writeFileSync(name, readFileSync(name).subarray(0, -7));

  async function stoppedRun(name: string): Promise<string> {
    const out = at(name);
    const stopped = await run([...cartPole, ...small, "--out", out], { interruptAt: "256 steps" });
    expect(stopped.code).toBe(130);
    return out;
  }

  test("goes on from the checkpoint before a damaged one, to the same bytes", async () => {
    const whole = JSON.parse((await run([...cartPole, ...small, "--out", at("sound"), "--json"])).out);
    const out = await stoppedRun("one-damaged");
    damage(join(out, "checkpoint/0.safetensors"));
    const { code, out: line, err } = await run(["resume", out, "--json"]);
    expect([code, JSON.parse(line).parametersHash]).toEqual([0, whole.parametersHash]);
    expect(err).toContain("damaged-checkpoint");
  });

  test("without a sound checkpoint ends with 1 and says which are damaged", async () => {
    const out = await stoppedRun("all-damaged");
    for (const file of ["0", "1"]) damage(join(out, `checkpoint/${file}.safetensors`));
    const { code, err } = await run(["resume", out, "--quiet"]);
    expect(code).toBe(1);
    expect(err).toMatch(/^belay: [^\n]*no sound checkpoint is left[^\n]*\n$/);
  });

  test("with a damaged event log ends with 1 and names the line", async () => {
    const out = await stoppedRun("log-damaged");
    const log = join(out, "events.jsonl");
    const lines = readFileSync(log, "utf8").split("\n");
    writeFileSync(log, [lines[0], "{nonsense", ...lines.slice(2)].join("\n"));
    const { code, err } = await run(["resume", out, "--quiet"]);
    expect(code).toBe(1);
    expect(err).toMatch(/^belay: [^\n]*events\.jsonl:2 is not an event[^\n]*\n$/);
  });
});

describe("an environment that fails in the middle of a run ends it with 1, and nothing is lost", () => {
  test.each([
    ["throws", "if (total === 400) throw new Error('the motor is hot');", /the motor is hot/],
    ["returns NaN as an observation", "if (total === 400) observation = Float32Array.of(NaN);", /NaN/],
    ["returns NaN as a reward", "if (total === 400) reward = NaN;", /NaN/],
  ])("one that %s", async (what, flaw, said) => {
    const name = what.replaceAll(" ", "-");
    const command = ["train", "ppo", write(`${name}.mjs`, lineModule(flaw)), ...small, "--out", at(name)];
    const { code, out, err } = await run([...command, "--quiet", "--json"]);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/^belay: [^\n]+\n$/);
    for (const words of [said, /Line-v0/, /failed in training/, /kept in/]) expect(err).toMatch(words);

    expect(load(readFileSync(at(`${name}/best.safetensors`))).training.steps).toBeGreaterThan(0);
    expect(
      readFileSync(at(`${name}/events.jsonl`), "utf8")
        .trimEnd()
        .split("\n")
        .at(-1),
    ).toContain('"failed"');

    // Mended, the run goes on from its checkpoint.
    const mended = write(`${name}-mended.mjs`, lineModule());
    write(`${name}/command.json`, JSON.stringify({ environment: mended }));
    expect((await run(["resume", at(name), "--quiet"])).code).toBe(0);
  });
});
