import { expect, test } from "vitest";
import { createDifferenceTest, type DifferenceTest, observeReturn } from "../../math/difference-test.ts";
import { createRandom } from "../../math/random.ts";
import type { Mode } from "../record/decision-record.ts";
import { advance, type LadderRules, ladderDefaults } from "./advance.ts";
import type { LadderEvent, LadderOutcome, Promotion, Seen } from "./event.ts";
import { createLadder, type Ladder, modes } from "./ladder.ts";
import { decodeLadder, encodeLadder } from "./ladder-text.ts";

const rules: LadderRules = { ...ladderDefaults, test: { lowest: 0, highest: 1 } };
const supported = { supported: true, uplift: { lower95: 0.01, upper95: 0.05 } };

const step = (ladder: Ladder, event: LadderEvent) => advance(ladder, event, rules);
const promote = (ladder: Ladder, promotion: Promotion) => step(ladder, { kind: "promote", time: 7, ...promotion });
const seen = (ladder: Ladder, some: Partial<Seen>) =>
  step(ladder, { kind: "seen", time: 7, ...nothing, since: ladder.since, ...some });

const nothing = { episodes: { policy: 0, baseline: 0 }, test: null, fallbacks: 0 };
const withPolicy = step(createLadder(), { kind: "candidate", time: 1, policyHash: "c0ffee" }).ladder;
const shadow = promote(withPolicy, { to: "shadow" }).ladder;
const suggest = promote(shadow, { to: "suggest", evidence: supported }).ladder;
const canary = promote(suggest, { to: "canary", canaryShare: 0.05 }).ladder;
const on = promote(canary, { to: "on", force: "a drill" }).ladder;
const at: Record<Mode, Ladder> = { observe: withPolicy, shadow, suggest, canary, on };

/** Returns of both arms: 300 episodes each, of which so many were saved. */
function results(policySaved: number, baselineSaved: number): DifferenceTest {
  const returns = createDifferenceTest(rules.test);
  for (let i = 0; i < 300; i++) {
    observeReturn(returns, "policy", i < policySaved ? 1 : 0);
    observeReturn(returns, "baseline", i < baselineSaved ? 1 : 0);
  }
  return returns;
}

test("a policy climbs rung by rung, each on its own condition", () => {
  expect(modes.map((mode) => at[mode].mode)).toEqual(modes);
  expect(canary.canaryShare).toBe(0.05);
  expect(on.canaryShare).toBe(0);
  const better = seen(canary, { test: results(280, 200) }).ladder;
  expect(promote(better, { to: "on" })).toMatchObject({ outcome: { kind: "moved", from: "canary", to: "on" } });
});

test("what a promotion lacks is said, and nothing changes", () => {
  const worse = { supported: true, uplift: { lower95: -0.2, upper95: -0.1 } };
  const refusals: [Ladder, Promotion, string][] = [
    [createLadder(), { to: "shadow" }, "there is no policy to promote: train one first"],
    [shadow, { to: "up" as Mode }, `there is no mode "up"; modes are observe, shadow, suggest, canary, on`],
    [shadow, { to: "shadow" }, "it is in shadow already"],
    [on, { to: "shadow" }, "shadow is below on: roll back instead"],
    [
      withPolicy,
      { to: "suggest", evidence: supported },
      "suggest is more than one step above observe: go to shadow first",
    ],
    [
      shadow,
      { to: "suggest" },
      "it takes a supported off-policy report, or 100 episodes in shadow, of which there are 0",
    ],
    [
      shadow,
      { to: "suggest", evidence: { supported: false, uplift: null } },
      "it takes a supported off-policy report, or 100 episodes in shadow, of which there are 0",
    ],
    [shadow, { to: "suggest", evidence: worse }, "the log finds the policy worse, by 0.1 or more"],
    [suggest, { to: "canary", canaryShare: 0.1, evidence: worse }, "the log finds the policy worse, by 0.1 or more"],
    [suggest, { to: "canary" }, "a canary needs its share, above 0 and below 1, got undefined"],
    [suggest, { to: "canary", canaryShare: 1 }, "a canary needs its share, above 0 and below 1, got 1"],
    [suggest, { to: "canary", canaryShare: Number.NaN }, "a canary needs its share, above 0 and below 1, got NaN"],
    [shadow, { to: "suggest", canaryShare: 0.1 }, "only a canary has a share, and this is suggest"],
    [canary, { to: "canary", canaryShare: 0.05 }, "it is in canary already"],
    [suggest, { to: "on" }, "only a canary proves a policy, and this is suggest"],
    [canary, { to: "on" }, `the test says "undecided" after 0 episodes of the policy and 0 of the baseline`],
    [suggest, { to: "on", force: "" }, "force must say why"],
  ];
  for (const [ladder, promotion, reason] of refusals) {
    expect(promote(ladder, promotion)).toEqual({ ladder, outcome: { kind: "refused", reason } });
  }
});

test("no event whatsoever leads up but a promotion, and a canary that was told to go on by itself", () => {
  const better = results(280, 200);
  const events: LadderEvent[] = [
    { kind: "candidate", time: 9, policyHash: "decaf" },
    { kind: "drift", time: 9, detail: "d" },
    { kind: "guard", time: 9, detail: "g" },
    { kind: "kill", time: 9, reason: "k" },
    ...modes.map((to): LadderEvent => ({ kind: "rollback", time: 9, reason: "r", to })),
    ...modes.map(
      (mode): LadderEvent => ({
        ...nothing,
        kind: "seen",
        time: 9,
        since: at[mode].since,
        test: better,
        fallbacks: 3,
      }),
    ),
  ];
  for (const mode of modes) {
    for (const event of events) {
      const { ladder } = step(at[mode], event);
      expect(modes.indexOf(ladder.mode), `${mode}, ${event.kind}`).toBeLessThanOrEqual(modes.indexOf(mode));
    }
  }
  const automatic = promote(suggest, { to: "canary", canaryShare: 0.1, automatic: true }).ladder;
  expect(seen(automatic, { test: better }).outcome).toMatchObject({ kind: "moved", to: "on" });
});

test("100 episodes in shadow do in place of a report", () => {
  const told = seen(shadow, { episodes: { policy: 0, baseline: 60 } }).ladder;
  expect(promote(told, { to: "suggest" }).outcome.kind).toBe("refused");
  const enough = seen(told, { episodes: { policy: 0, baseline: 40 } }).ladder;
  expect(promote(enough, { to: "canary", canaryShare: 0.1 }).outcome).toMatchObject({ kind: "moved", to: "canary" });
});

test("a policy that is worse in its canary goes back to shadow, and no further up unless forced", () => {
  const { ladder, outcome } = seen(canary, { test: results(200, 280) });
  expect(outcome).toMatchObject({ kind: "moved", from: "canary", to: "shadow" });
  expect(ladder.setback).toMatch(/^worse by more than 0\.\d{4}, after 300 and 300 episodes$/);
  expect(promote(ladder, { to: "canary", canaryShare: 0.05, evidence: supported }).outcome).toEqual({
    kind: "refused",
    reason: `this policy was sent back: ${ladder.setback}`,
  });
  const forced = promote(ladder, { to: "canary", canaryShare: 0.05, force: "the database was moved that day" }).ladder;
  expect(forced).toMatchObject({ mode: "canary", setback: null, test: createDifferenceTest(rules.test) });
  expect(forced.history.at(-1)).toMatchObject({ forced: true, reason: "the database was moved that day" });
  const retrained = step(ladder, { kind: "candidate", time: 8, policyHash: "decaf" }).ladder;
  expect(promote(retrained, { to: "suggest", evidence: supported }).outcome.kind).toBe("moved");
});

test("a report of another policy is evidence of nothing", () => {
  const evidence = { ...supported, policyHash: "decaf" };
  expect(promote(shadow, { to: "suggest", evidence }).outcome).toEqual({
    kind: "refused",
    reason: "the report is of policy decaf, and the candidate is c0ffee",
  });
  expect(promote(shadow, { to: "suggest", evidence: { ...evidence, policyHash: "c0ffee" } }).outcome.kind).toBe(
    "moved",
  );
});

test("drift and a guard send a policy back from where it counts, a kill from anywhere", () => {
  for (const mode of ["suggest", "canary", "on"] as const) {
    for (const kind of ["drift", "guard"] as const) {
      const { ladder } = step(at[mode], { kind, time: 9, detail: "error rates moved" });
      const setback = kind === "drift" ? null : "guard: error rates moved";
      expect(ladder).toMatchObject({ mode: "shadow", canaryShare: 0, setback });
      expect(ladder.history.at(-1)?.reason).toBe(`${kind}: error rates moved`);
    }
  }
  expect(step(shadow, { kind: "drift", time: 9, detail: "d" })).toEqual({
    ladder: shadow,
    outcome: { kind: "stayed" },
  });
  for (const mode of ["shadow", "canary", "on"] as const) {
    expect(step(at[mode], { kind: "kill", time: 9, reason: "an outage" }).ladder).toMatchObject({
      mode: "observe",
      policyHash: "c0ffee",
    });
  }
});

test("ten fallbacks at once send a policy back; one in twenty of its episodes does not", () => {
  expect(seen(on, { episodes: { policy: 10, baseline: 0 }, fallbacks: 10 }).outcome.kind).toBe("stayed"); // 10 − 0.05 · 10
  const { ladder } = seen(on, { fallbacks: 10 });
  expect(ladder).toMatchObject({
    mode: "shadow",
    fallbacks: 0,
    setback: "fallbacks: 10 more than 0.05 of its episodes",
  });
  let steady = on;
  for (let i = 0; i < 100; i++) steady = seen(steady, { episodes: { policy: 20, baseline: 0 }, fallbacks: 1 }).ladder;
  expect(steady.mode).toBe("on");
  let canaried = canary; // the baseline's episodes excuse nothing
  for (let i = 0; i < 10; i++)
    canaried = seen(canaried, { episodes: { policy: 0, baseline: 99 }, fallbacks: 1 }).ladder;
  expect(canaried.mode).toBe("shadow");
});

test("a new policy starts below, with nothing of what the old one earned", () => {
  const begun = seen(canary, { episodes: { policy: 3, baseline: 4 }, test: results(1, 1), fallbacks: 2 }).ladder;
  const { ladder } = step(begun, { kind: "candidate", time: 9, policyHash: "decaf" });
  expect(ladder).toMatchObject({ mode: "shadow", policyHash: "decaf", episodes: 0, test: null, fallbacks: 0 });
  expect(step(ladder, { kind: "candidate", time: 9, policyHash: "decaf" }).outcome.kind).toBe("refused");
});

test("what was seen of another mode or policy does not count", () => {
  expect(
    seen(canary, { since: suggest.since, test: results(0, 300), episodes: { policy: 300, baseline: 300 } }),
  ).toEqual({
    ladder: canary,
    outcome: { kind: "stayed" },
  });
});

test("a change of share is a new test", () => {
  const told = seen(canary, { test: results(210, 200) }).ladder;
  const wider = promote(told, { to: "canary", canaryShare: 0.5 }).ladder;
  expect(wider).toMatchObject({ canaryShare: 0.5, test: createDifferenceTest(rules.test), episodes: 0 });
  expect(seen(wider, { since: told.since, test: results(0, 300) }).ladder).toBe(wider);
});

test("whatever happens, in any order: no trust without a policy, a share in canary only, and up by promotion only", () => {
  const random = createRandom(3);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.uniform() * items.length)];
  const tests = [null, results(280, 200), results(200, 280), results(240, 240)];
  const outcomes = new Set<string>();
  let ladder = createLadder();
  for (let i = 0; i < 20_000; i++) {
    const share = pick([undefined, 0.1, 0.5, 2]);
    const promotion: Promotion = {
      to: pick(modes),
      ...(share !== undefined && { canaryShare: share }),
      ...(random.uniform() < 0.3 && { automatic: true }),
      ...(random.uniform() < 0.3 && { evidence: supported }),
      ...(random.uniform() < 0.1 && { force: "chaos" }),
    };
    const counted: Seen = {
      since: pick([ladder.since, 1]),
      episodes: { policy: pick([0, 50]), baseline: pick([0, 50]) },
      test: pick(tests),
      fallbacks: pick([0, 0, 0, 1, 5]),
    };
    const usual: LadderEvent[] = [
      { kind: "promote", time: i, ...promotion },
      { kind: "seen", time: i, ...counted },
    ];
    const unusual: LadderEvent[] = [
      { kind: "candidate", time: i, policyHash: pick(["c0ffee", "decaf"]) },
      { kind: "drift", time: i, detail: "d" },
      { kind: "rollback", time: i, reason: "r", to: pick(modes) },
      { kind: "kill", time: i, reason: "k" },
    ];
    const event = pick(random.uniform() < 0.8 ? usual : unusual);
    const before = ladder;
    const { ladder: next, outcome } = step(before, event);
    ladder = next;
    outcomes.add(outcome.kind === "moved" ? `${event.kind} to ${outcome.to}` : outcome.kind);

    const rises = modes.indexOf(ladder.mode) > modes.indexOf(before.mode);
    expect(ladder.mode === "observe" || ladder.policyHash !== null).toBe(true);
    expect(ladder.canaryShare > 0).toBe(ladder.mode === "canary");
    expect(rises && event.kind !== "promote" && !(before.automatic && ladder.mode === "on")).toBe(false);
    expect(ladder.version).toBe(before.version + (ladder === before ? 0 : 1 + Number(isTold(event, outcome))));
  }
  expect([...outcomes].sort()).toEqual(
    expect.arrayContaining(["promote to canary", "promote to on", "seen to on", "seen to shadow"]),
  );
});

/** Episodes are counted, and then move: two changes. */
function isTold(event: LadderEvent, outcome: LadderOutcome): boolean {
  return event.kind === "seen" && outcome.kind === "moved";
}

test("a ladder is plain JSON, each change is one version more, and the last hundred moves are remembered", () => {
  let ladder = withPolicy;
  for (let i = 0; i < 150; i++) {
    const next = step(
      ladder,
      i % 2 ? { kind: "kill", time: i, reason: "x" } : { kind: "promote", time: i, to: "shadow" },
    );
    expect(next.ladder.version).toBe(ladder.version + 1);
    ladder = next.ladder;
  }
  expect(ladder.history).toHaveLength(100);
  expect(ladder.history.at(-1)?.time).toBe(149);
  expect(decodeLadder(encodeLadder(canary))).toEqual(canary);
});

test("a ladder that was cut short, damaged or changed by hand is refused, and so is a newer version's", () => {
  const text = encodeLadder(on);
  for (let length = 0; length < text.length - 1; length += 7) {
    expect(() => decodeLadder(text.slice(0, length))).toThrow(
      `decodeLadder: not a whole ladder: ${length} characters that are not belay-ladder/1.`,
    );
  }
  expect(() => decodeLadder(text.replace(`"version":5`, `"version":6`))).toThrow(
    /does not match its checksum, [0-9a-f]{8}, but has/,
  );
  expect(() => decodeLadder(text.replace("ladder/1", "ladder/2"))).toThrow(
    `decodeLadder: this version of belay-rl reads belay-ladder/1, got "belay-ladder/2".`,
  );
  expect(decodeLadder(JSON.stringify(JSON.parse(text), null, 2))).toEqual(on);
});
