/** What a service owner must be able to rely on: a test for each line of the list. */

import { createRandom } from "belay-rl";
import {
  type Clock,
  callSwitch,
  category,
  createPlanner,
  type DecisionRecord,
  escalate,
  type Failure,
  fetchFrom,
  memoryLog,
  memoryState,
  number,
  type PlannerOptions,
  retry,
  runbook,
  sampling,
  switchTo,
  testClock,
  tokenBucket,
  undoAndReplay,
} from "belay-rl/recovery";
import { expect, test } from "vitest";
import { behaviour, drawn, noExploration } from "../src/recovery/behaviour.ts";
import { constantPolicy } from "../src/recovery/bench/constant-policy.ts";
import { runFaulty } from "../src/recovery/bench/double-effect.ts";

const classes = ["TIMEOUT", "5XX", "429", "4XX", "BREAKER", "OTHER"];
const down = (status = 503) => Object.assign(new Error(`HTTP ${status}`), { status });
const book = runbook({ "*": ["retry:1000", "source"] });

function options(changes: Partial<PlannerOptions> = {}) {
  const log = memoryLog();
  const clock = testClock();
  const given: PlannerOptions = {
    name: "orders",
    classes,
    features: (failure) => ({ error: failure.class, share: failure.timeShare, zone: failure.tags["zone"] ?? "a" }),
    encoding: { error: category(classes), share: number({ scale: 1 }), zone: category(["a", "b"]) },
    actions: {
      retry: retry({ delaysMs: [0, 1000, 8000] }),
      source: switchTo(async () => "replica", { cost: 0.05 }),
      backup: fetchFrom(async () => "snapshot", { cost: 0.35, allow: ({ tags }) => tags["freshness"] !== "critical" }),
      rollback: undoAndReplay({ undo: async () => undefined, cost: 0.1 }),
      giveUp: escalate(),
    },
    baseline: book,
    guard: { breaker: null, retryBudget: null, maxInferenceMs: 1000 },
    mode: "on",
    clock,
    log,
    seed: 1,
    ...changes,
  };
  return { given, log, clock };
}

/** A planner whose policy, written by hand, is on. */
async function trusted(logits: Readonly<Record<string, number>>, changes: Partial<PlannerOptions> = {}) {
  const { given, log, clock } = options(changes);
  const planner = createPlanner(given);
  await planner.adopt(constantPolicy(planner.definition, logits));
  return { planner, log, clock };
}

const always = (choice: string) => ({ [choice]: 40 });

test("1. the policy never sees an illegal action: in 10⁶ random states none is offered, none is drawn", async () => {
  const random = createRandom(7);
  let state: { failure: Failure; mask: Uint8Array } | null = null;
  const { given, clock } = options({
    guard: {
      maxAttempts: 4,
      deadlineMs: 20_000,
      breaker: sampling({ minimumCalls: 5, openMs: 3000 }),
      retryBudget: tokenBucket({ perSuccess: 0.1, max: 5, perSecond: 1 }),
    },
    explore: { epsilon: 0.5, among: "legal" },
    log: { append: () => {}, flush: async () => undefined, lost: 0 },
  });
  const seen = { states: 0, masked: 0 };
  const spying = {
    ...book,
    choose(failure: Failure, _: unknown, mask: Uint8Array): number {
      state = { failure, mask };
      return mask.lastIndexOf(1);
    },
  };
  const planner = createPlanner({ ...given, baseline: spying });
  await planner.adopt(constantPolicy(planner.definition, { "retry:0": 3, backup: 3, rollback: 3, source: 2 }));
  const { choices, limits } = planner.definition;
  while (seen.states < 1_000_000) {
    const facts = {
      idempotent: random.uniform() < 0.5,
      tags: { zone: "b", ...(random.uniform() < 0.5 && { freshness: "critical" }) },
    };
    const episode = planner.episode("orders", facts);
    for (let over = false; !over; ) {
      clock.jump(random.uniform() * 4000);
      const error =
        random.uniform() < 0.3
          ? { code: "ECONNREFUSED" }
          : { status: random.uniform() < 0.3 ? 429 : 503, retryAfterMs: random.integer(9000) };
      const { choice, exhausted } = episode.failed(error);
      seen.states++;
      if (exhausted) break;
      const { failure, mask } = state!;
      seen.masked += mask.filter((allowed) => allowed === 0).length;
      if (mask[choice.index] !== 1) throw new Error(`${choice.name} was drawn, which is masked`);
      for (const { index, action, delayMs } of choices) {
        if (mask[index] === 0 || action.kind === "escalate") continue;
        const wait = action.kind === "retry" ? Math.max(delayMs, failure.retryAfterMs ?? 0) : 0;
        const repeats = action.kind === "retry" || action.kind === "switchTo";
        const isLegal =
          failure.history.length < limits.maxAttempts &&
          failure.elapsedMs + wait < limits.deadlineMs &&
          !(repeats && !failure.idempotent && failure.effect === "unknown") &&
          !(action.kind === "fetchFrom" && failure.tags["freshness"] === "critical") &&
          !(action.kind === "retry" && failure.breaker.state === "open" && wait === 0) &&
          !((action.kind === "retry" || action.kind === "undoAndReplay") && failure.budget < 0.999);
        if (!isLegal) throw new Error(`${choices[index].name} was offered in ${JSON.stringify(failure)}`);
      }
      over = choice.action.kind === "escalate";
      if (over) episode.gaveUp();
      else if (random.uniform() < 0.3) {
        episode.succeeded();
        over = true;
      }
    }
  }
  expect(seen.masked).toBeGreaterThan(seen.states);
}, 300_000);

test("2. hard budgets hold outside the policy, whatever it wants", async () => {
  const guard = {
    breaker: null,
    retryBudget: tokenBucket({ perSuccess: 0, max: 3 }),
    maxAttempts: 50,
    maxInferenceMs: 1000,
  };
  const { planner, clock } = await trusted(always("retry:0"), { guard });
  let calls = 0;
  const failing = planner.wrap(
    "orders",
    async () => {
      calls++;
      throw down();
    },
    { idempotent: true },
  );
  for (let i = 0; i < 4; i++) await clock.run(failing().catch(() => undefined));
  expect(calls).toBe(4 + 3);
  const attempts = await trusted(always("retry:0"), { guard: { ...guard, retryBudget: null, maxAttempts: 2 } });
  calls = 0;
  const step = async () => {
    calls++;
    throw down();
  };
  await attempts.clock.run(
    attempts.planner
      .wrap("orders", step, { idempotent: true })()
      .catch(() => undefined),
  );
  expect(calls).toBe(1 + 2);
});

test("3. the runbook decides within the same attempt where the policy cannot: by each of seven causes", async () => {
  const clockThat = (ms: number): Clock => {
    let now = 0;
    return { ...testClock(), now: () => (now += ms) };
  };
  const killSwitch = callSwitch();
  killSwitch.turnOn();
  const thrower: PlannerOptions["features"] = (failure) => {
    if (failure.service !== "specimen") throw new Error("no such tag");
    return { error: failure.class, share: 0, zone: "a" };
  };
  const cases: [
    cause: string,
    logits: Readonly<Record<string, number>> | null,
    changes: Partial<PlannerOptions>,
    tags: object,
  ][] = [
    ["exception", always("backup"), { features: thrower }, {}],
    ["not-finite", { backup: Number.NaN }, {}, {}],
    ["slow", always("backup"), { clock: clockThat(5), guard: { maxInferenceMs: 1, deadlineMs: 1e9 } }, {}],
    ["unknown-value", always("backup"), {}, { zone: "c" }],
    ["stale-model", always("backup"), { guard: { maxModelAgeMs: 10 } }, {}],
    ["no-model", null, {}, {}],
    ["kill-switch", always("backup"), { guard: { killSwitch } }, {}],
  ];
  for (const [cause, logits, changes, tags] of cases) {
    const state = memoryState();
    const { given, log, clock } = options({ state, ...changes });
    const planner = createPlanner(given);
    const file = constantPolicy(planner.definition, logits ?? {});
    await planner.adopt(file);
    const lost = { ...state, loadPolicy: async () => Promise.reject(new Error("the file is gone")) };
    const asked = logits ? planner : createPlanner({ ...given, state: lost });
    await asked.ready;
    clock.jump(1000);
    const decision = asked.episode("orders", { idempotent: true, tags: tags as Record<string, string> });
    expect(decision.failed(down()).choice.name, cause).toBe("retry:1000");
    decision.succeeded();
    expect(log.records, cause).toMatchObject([{ decider: "fallback", cause, action: "retry:1000", step: 0 }]);
  }
});

test("4. the ladder is climbed by proof and left by itself: a canary that is worse is rolled back, one that is better is turned on", async () => {
  for (const [choice, ends] of [
    ["giveUp", "shadow"],
    ["source", "on"],
  ]) {
    const { given, clock } = options({ mode: "shadow", baseline: runbook({ "*": ["backup"] }) });
    const planner = createPlanner(given);
    await planner.adopt(constantPolicy(planner.definition, always(choice)));
    expect(planner.ladder.mode).toBe("shadow");
    expect(await planner.promote({ to: "on" })).toMatchObject({ kind: "refused" });
    const load = planner.wrap(
      "orders",
      async () => {
        throw down();
      },
      { idempotent: true },
    );
    for (let i = 0; i < 100; i++) await clock.run(load().catch(() => undefined));
    await clock.run(planner.promote({ to: "canary", canaryShare: 0.3, automatic: true }));
    for (let i = 0; i < 3000 && planner.ladder.mode === "canary"; i++) {
      await clock.run(load().catch(() => undefined));
      clock.jump(100);
    }
    expect([planner.ladder.mode, planner.ladder.history.at(-1)?.reason.split(" ")[0]]).toEqual([
      ends,
      ends === "on" ? "better" : "worse",
    ]);
  }
});

test("5. every record holds its propensity from the first day, exploration included, and actions come as often as it says", async () => {
  const { given, log } = options({ mode: "observe", explore: { epsilon: 0.3, among: "legal" } });
  const planner = createPlanner(given);
  for (let i = 0; i < 8000; i++) {
    const episode = planner.episode("orders", { idempotent: true });
    episode.failed(down());
    episode.succeeded();
  }
  const [{ choices, probabilities }] = log.records;
  expect(probabilities.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
  for (const [i, name] of choices.entries()) {
    const taken = log.records.filter(({ action }) => action === name);
    for (const record of taken) expect(record.propensity).toBe(probabilities[i]);
    expect(taken.length / 8000).toBeCloseTo(probabilities[i], 1.7);
  }
  // ε over the six choices that are not giving up: .05 each, and the runbook's keeps .7 beside its own.
  expect(probabilities).toEqual([0.05, 0.75, 0.05, 0.05, 0.05, 0.05, 0].map((chance) => expect.closeTo(chance, 12)));
});

test("6. a log that cannot support a judgement is refused, with its effective sample size", async () => {
  const { given, log } = options({ mode: "observe", explore: { epsilon: 0.02, among: "legal" } });
  const planner = createPlanner(given);
  const random = createRandom(3);
  for (let i = 0; i < 3000; i++) {
    const episode = planner.episode("orders", { idempotent: true });
    for (let decision = episode.failed(down()); ; decision = episode.failed(down())) {
      if (decision.choice.action.kind === "escalate") episode.gaveUp();
      else if (random.uniform() < 0.4) episode.succeeded();
      else continue;
      break;
    }
  }
  await planner.adopt(constantPolicy(planner.definition, { rollback: 3, backup: 2.5, source: 2 }));
  const report = await planner.evaluate(log.records);
  expect(report).toMatchObject({ supported: false, uplift: null });
  expect(report.reason).toMatch(/effective sample size must be at least 100/);
  expect(await planner.promote({ to: "canary", canaryShare: 0.1, evidence: report })).toMatchObject({
    kind: "refused",
  });
});

test("7. the audit log replays: the same policy, the same record, the same action", async () => {
  const { planner, log } = await trusted({ "retry:1000": 1, source: 0.8, backup: 0.5 }, { explore: { epsilon: 0.2 } });
  const random = createRandom(5);
  for (let i = 0; i < 500; i++) {
    const episode = planner.episode("orders", { idempotent: true, tags: { zone: random.uniform() < 0.5 ? "a" : "b" } });
    for (
      let decision = episode.failed(down());
      decision.choice.action.kind !== "escalate";
      decision = episode.failed(down(500))
    ) {
      if (random.uniform() < 0.5) {
        episode.succeeded();
        break;
      }
    }
    episode.gaveUp();
  }
  const { encoder, choices } = planner.definition;
  const observation = new Float32Array(encoder.size);
  const advice = new Float32Array(choices.length);
  for (const record of log.records.map((each): DecisionRecord => JSON.parse(JSON.stringify(each)))) {
    expect(encoder.encode(record.features, record.class, record.history, observation)).toBeNull();
    planner.policy!.probabilities(observation, Uint8Array.from(record.mask), advice);
    expect([...advice]).toEqual(record.policyProbabilities);
    const baseline = record.choices.indexOf(record.baseline);
    const exploration = { epsilon: 0.2, among: "plausible" } as const;
    const chances = behaviour({
      choices,
      mask: Uint8Array.from(record.mask),
      baseline,
      advice,
      byPolicy: true,
      exploration,
    });
    expect([...chances]).toEqual(record.probabilities);
    expect(record.choices[drawn(chances, record.draw)]).toBe(record.action);
  }
  expect(new Set(log.records.map(({ action }) => action)).size).toBeGreaterThan(2);
  expect(noExploration.epsilon).toBe(0);
});

test("8. drift demotes: failures that look otherwise than they did, or returns that fall, send the policy back to shadow", async () => {
  const cases: [what: string, change: (i: number) => { status: number; saved: number }][] = [
    ["error", () => ({ status: 429, saved: 0.8 })],
    ["returns have fallen", (i) => ({ status: i % 2 ? 503 : 429, saved: 0.2 })],
  ];
  for (const [what, change] of cases) {
    const { planner, clock } = await trusted(always("source"), {
      drift: { referenceEpisodes: 1000, window: 200, runLength: 100_000 },
    });
    const random = createRandom(11);
    const live = async (episodes: number, how: typeof change) => {
      for (let i = 0; i < episodes && planner.ladder.mode === "on"; i++) {
        const { status, saved } = how(i);
        const episode = planner.episode("orders", { idempotent: true });
        for (
          let decision = episode.failed(down(status));
          decision.choice.action.kind !== "escalate";
          decision = episode.failed(down(status))
        ) {
          clock.jump(100);
          if (random.uniform() < saved) {
            episode.succeeded();
            break;
          }
        }
        episode.gaveUp();
        await Promise.resolve();
      }
      for (let i = 0; i < 20; i++) await Promise.resolve();
    };
    await live(4000, (i) => ({ status: i % 2 ? 503 : 429, saved: 0.8 }));
    expect(planner.ladder.mode).toBe("on");
    await live(2000, change);
    expect(planner.ladder.mode).toBe("shadow");
    expect(planner.ladder.history.at(-1)?.reason).toContain(what);
  }
});

test("9. the learned policy is exported as a table that a person can read, and that a planner can follow", async () => {
  const { planner, log } = await trusted({ source: 9, backup: 5, "retry:1000": 1 });
  for (let i = 0; i < 50; i++) {
    const episode = planner.episode("orders", { idempotent: true });
    episode.failed(down());
    episode.failed(down());
    episode.succeeded();
  }
  const { runbook: table, yaml } = await planner.exportRunbook(log.records);
  expect(yaml).toMatch(/belay-runbook: 1/);
  expect(yaml).toMatch(/do: \[source, source\]/);
  const follower = createPlanner({ ...options().given, baseline: table, mode: "observe" });
  const episode = follower.episode("orders", { idempotent: true });
  expect([episode.failed(down()), episode.failed(down())].map(({ choice }) => choice.name)).toEqual([
    "source",
    "source",
  ]);
});

test("10. a step that is not idempotent is never done twice: 2·10⁴ faulty runs here, 10⁶ in `belay recovery bench`", () => {
  const guarded = runFaulty(20_000, false, 1);
  expect(guarded.faults).toBeGreaterThan(6000);
  expect(guarded.rescued).toBeGreaterThan(200);
  expect(guarded.doubleEffects).toBe(0);
  expect(runFaulty(2000, true, 1).doubleEffects).toBeGreaterThan(0);
});
