import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { byPolicy } from "../bench/learned-policy.ts";
import { benchProblem } from "../bench/problem.ts";
import { byRunbook, expertRules } from "../bench/static-policies.ts";
import { createPlanner, type Planner } from "../planner/create-planner.ts";
import type { PlannerOptions } from "../planner/options.ts";
import { memoryLog } from "../record/memory-log.ts";
import { runbook } from "../runbook/runbook.ts";
import { evaluateRecovery } from "../simulation/evaluate-recovery.ts";
import { recoveryBench } from "../simulation/recovery-bench.ts";
import { recoveryBenchServices } from "../simulation/recovery-bench-services.ts";
import type { Simulator } from "../simulation/simulator.ts";
import { testClock } from "../test-clock.ts";
import { imitate } from "./choice-network.ts";
import { type ImproveEvent, type Improvement, type ImproveOptions, improveOnline } from "./improve-online.ts";
import type { LearnedFromLog } from "./learn-from-log.ts";
import type { LogRows } from "./log-rows.ts";

const services = recoveryBenchServices.slice(3);
const simulator = recoveryBench({ services });
const quick: ImproveOptions = {
  everyEpisodes: 2000,
  keepEpisodes: 4000,
  canaryShare: 0.5,
  learn: { members: 2, rounds: 1, hidden: [32], minSteps: 300, epochs: 3, fit: { hidden: [32], minSteps: 800 } },
};

function setting(changes: Partial<PlannerOptions> = {}) {
  const clock = testClock();
  const log = memoryLog();
  const planner = createPlanner({
    ...benchProblem(services.map(({ name }) => name)),
    guard: { maxAttempts: 8, deadlineMs: 90_000, breaker: null, retryBudget: null },
    baseline: runbook(expertRules),
    explore: { epsilon: 0.3, among: "legal" },
    clock,
    log,
    seed: 1,
    ...changes,
  });
  return { planner, clock, log };
}

/** Steps fail as the simulator says, and the planner recovers them. */
async function live(
  { planner, clock }: Pick<ReturnType<typeof setting>, "planner" | "clock">,
  improvement: () => Improvement,
  { episodes, seed, world = simulator }: { episodes: number; seed: number; world?: Simulator },
  until: () => boolean = () => false,
): Promise<void> {
  const random = createRandom(seed);
  for (let i = 0; i < episodes && !until(); i++) {
    const { service, tags, idempotent, symptom: first, attempt } = world.start(random);
    const episode = planner.episode(service, { tags, idempotent });
    let decision = episode.failed(new Error("failed"), first);
    for (let ended = false; !ended; ) {
      if (decision.choice.action.kind === "escalate") {
        episode.gaveUp();
        break;
      }
      const { seconds, symptom } = attempt(decision.choice.name);
      clock.jump(seconds * 1000);
      ended = symptom === null;
      if (symptom === null) episode.succeeded();
      else decision = episode.failed(new Error("failed"), symptom);
    }
    if (i % 10 === 0) for (let turn = 0; turn < 20; turn++) await Promise.resolve(); // the ladder is written
    if (improvement().status === "learning") await improvement().idle;
  }
}

test("a planner that logs, explores and improves itself ends up with a policy that is on, and worth more than its runbook", async () => {
  const at = setting();
  const events: ImproveEvent[] = [];
  const improvement = await at.planner.improve({ ...quick, onEvent: (event) => events.push(event) });
  await live(
    at,
    () => improvement,
    { episodes: 20_000, seed: 5 },
    () => at.planner.ladder.mode === "on",
  );
  expect(at.planner.ladder.mode).toBe("on");
  expect(at.planner.ladder.history.map(({ to }) => to)).toEqual(["observe", "shadow", "canary", "on"]);
  expect(at.planner.ladder.history.some(({ forced }) => forced)).toBe(false);
  expect(events.map(({ kind }) => kind)).toEqual(["candidate", "canary"]);
  const { definition, policy } = at.planner;
  const judge = { episodes: 10_000, seed: 3 };
  const learned = evaluateRecovery(simulator, definition, byPolicy(definition, policy as never, 0), judge);
  const expert = evaluateRecovery(simulator, definition, byRunbook(definition.choices), judge);
  expect(learned.return.mean).toBeGreaterThan(expert.return.mean);
});

/** Learns nothing but to take one choice, whatever is seen. */
function stubborn(planner: Planner, choice: string) {
  const { definition } = planner;
  const place = definition.choices.findIndex(({ name }) => name === choice);
  return function* (rows: LogRows): Generator<void, LearnedFromLog, void> {
    const targets = new Float32Array(rows.masks.length);
    for (let i = place; i < targets.length; i += definition.choices.length) targets[i] = rows.masks[i];
    const learned = yield* imitate(definition, { ...rows, targets }, { hidden: [8], epochs: 4, minSteps: 100 });
    return { ...learned, clone: learned.policy, rows, changed: 1 };
  };
}

function improvedBy(at: ReturnType<typeof setting>, choice: string, onEvent: (event: ImproveEvent) => void) {
  const { planner, log } = at;
  let read = 0;
  const host = {
    definition: planner.definition,
    exploration: { epsilon: 0.3, among: "legal" } as const,
    ladder: () => planner.ladder,
    adopt: planner.adopt,
    promote: planner.promote,
    rollBack: planner.rollBack,
    learner: stubborn(planner, choice),
    listen(listener: (record: (typeof log.records)[number]) => void) {
      heard = () => {
        while (read < log.records.length) listener(log.records[read++]);
      };
      return () => {};
    },
  };
  let heard = () => {};
  const improvement = improveOnline(host, { ...quick, everyEpisodes: 500, onEvent });
  return { improvement, heard: () => heard() };
}

test.each(["rollback", "retry:50", "giveUp"])(
  "a candidate that is worse than the runbook, as %s always is, never gets on: log or canary send it back",
  async (choice) => {
    const at = setting();
    const events: ImproveEvent[] = [];
    const { improvement, heard } = improvedBy(at, choice, (event) => events.push(event));
    const modes = new Set<string>();
    const look = () => {
      heard();
      modes.add(at.planner.ladder.mode);
      return false;
    };
    await live(at, () => improvement, { episodes: 2500, seed: 6 }, look);
    const { history } = at.planner.ladder;
    expect(modes.has("on")).toBe(false);
    const sentBack = history.filter(
      ({ from, to, reason }) => from === "canary" && to === "shadow" && /worse/.test(reason),
    );
    const vetoed = events.filter(({ kind }) => kind === "vetoed");
    expect(sentBack.length + vetoed.length).toBeGreaterThan(0);
  },
);

test("what somebody took out of service stays out: no candidate takes its place", async () => {
  const at = setting();
  const events: ImproveEvent[] = [];
  const { improvement, heard } = improvedBy(at, "rollback", (event) => events.push(event));
  const look = () => {
    heard();
    return false;
  };
  await live(at, () => improvement, { episodes: 600, seed: 6 }, look);
  expect(at.planner.ladder.mode).toBe("shadow");
  await at.planner.rollBack("a drill", "observe");
  const before = events.length;
  expect(before).toBeGreaterThan(0);
  await live(at, () => improvement, { episodes: 1500, seed: 7 }, look);
  expect(at.planner.ladder.mode).toBe("observe");
  expect(events.length).toBe(before);
});

test("who does not explore has nothing to learn from, and is told so", async () => {
  const { planner } = setting({ explore: { epsilon: 0 } });
  await expect(planner.improve()).rejects.toThrow(
    "improve: recovery-bench must explore, or its log knows only what is done already: explore.epsilon must be above 0, got 0.",
  );
  const { planner: other } = setting();
  await expect(other.improve({ canaryShare: 1 })).rejects.toThrow("improve: canaryShare must lie in (0, 1), got 1.");
  await expect(other.improve({ everyEpisodes: 0 })).rejects.toThrow("everyEpisodes must be a positive integer, got 0.");
});

test("stopped, it listens no more and brings no candidate", async () => {
  const at = setting();
  const events: ImproveEvent[] = [];
  const improvement = await at.planner.improve({
    ...quick,
    everyEpisodes: 300,
    onEvent: (event) => events.push(event),
  });
  await live(at, () => ({ ...improvement, status: "listening" }), { episodes: 300, seed: 7 });
  expect(improvement.status).toBe("learning");
  improvement.stop();
  await improvement.idle;
  expect(improvement.status).toBe("stopped");
  await live(at, () => improvement, { episodes: 600, seed: 8 });
  expect(at.planner.ladder.policyHash).toBeNull();
  expect(events.map(({ kind }) => kind)).toEqual(["fault"]);
});
