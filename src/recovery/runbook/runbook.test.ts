import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { escalate, fetchFrom, retry } from "../action/build.ts";
import { choicesOf } from "../action/choices.ts";
import { specimenOf } from "../definition.ts";
import type { Failure } from "../failure.ts";
import { checkRunbook } from "./check-runbook.ts";
import { type RunbookRule, runbook } from "./runbook.ts";
import { parseRunbook, runbookFrom, runbookToJson } from "./runbook-file.ts";
import { runbookToYaml } from "./runbook-yaml.ts";

const nothing = () => {};
const choices = choicesOf({
  retry: retry({ delaysMs: [1000, 8000] }),
  source: fetchFrom(nothing),
  backup: fetchFrom(nothing),
  giveUp: escalate(),
});
const all = new Uint8Array([1, 1, 1, 1, 1]);

function failure(changes: Partial<Failure> = {}, tried: readonly string[] = []): Failure {
  const history = tried.map((choice) => ({ choice, class: "TIMEOUT", outcome: "TIMEOUT", durationMs: 1 }));
  return { ...specimenOf("TIMEOUT"), service: "orders", attempt: tried.length + 1, history, ...changes };
}

const expert = runbook({
  "*": ["source"],
  "5xx|timeout": ["retry:1000", "source", "retry:8000", "backup"],
  429: ["retry:8000"],
});

function taken(book: ReturnType<typeof runbook>, seen: Failure, mask = all, features = {}): string {
  return choices[book.choose(seen, choices, mask, features)].name;
}

test("a runbook takes the first choice of the class's list that is untried and legal, and then escalates", () => {
  expect(taken(expert, failure())).toBe("retry:1000");
  expect(taken(expert, failure({}, ["retry:1000"]))).toBe("source");
  expect(taken(expert, failure({}, ["retry:1000"]), new Uint8Array([1, 1, 0, 1, 1]))).toBe("retry:8000");
  expect(taken(expert, failure({}, ["retry:1000", "source", "retry:8000", "backup"]))).toBe("giveUp");
  expect(taken(expert, failure({ class: "429" }, ["retry:8000"]))).toBe("giveUp");
});

test("classes are told apart in any case, and the star is for the rest wherever it stands", () => {
  expect(taken(expert, failure({ class: "5xx" }))).toBe("retry:1000");
  expect(taken(expert, failure({ class: "NODATA" }))).toBe("source");
  expect(taken(runbook({ 429: ["source"] }), failure())).toBe("giveUp");
});

test("a name that stands twice may be taken twice", () => {
  const book = runbook({ "*": ["retry:1000", "source", "retry:1000"] });
  expect(taken(book, failure({}, ["retry:1000"]))).toBe("source");
  expect(taken(book, failure({}, ["retry:1000", "source"]))).toBe("retry:1000");
  expect(taken(book, failure({}, ["retry:1000", "source", "retry:1000"]))).toBe("giveUp");
});

test("of rules the first that holds is followed, whatever it asks of", () => {
  const book = runbook({
    rules: [
      { when: { class: ["TIMEOUT", "5XX"], tags: { freshness: "critical" }, attempt: { atMost: 1 } }, do: ["source"] },
      { when: { features: { region: ["eu", "us"], load: { atLeast: 0.9 } } }, do: ["backup"] },
      { when: { timeShare: { atLeast: 0.5 }, idempotent: true, breaker: "closed" }, do: [] },
      { do: ["retry:1000"] },
    ],
  });
  const critical = { tags: { freshness: "critical" } };
  expect(taken(book, failure(critical))).toBe("source");
  expect(taken(book, failure(critical, ["source"]))).toBe("retry:1000"); // the second attempt is another rule's
  expect(taken(book, failure(), all, { region: "us", load: 0.9 })).toBe("backup");
  expect(taken(book, failure(), all, { region: "us", load: 0.8 })).toBe("retry:1000");
  expect(taken(book, failure({ timeShare: 0.5 }))).toBe("giveUp");
});

test("choosing never throws and never takes what the mask forbids, but for escalation", () => {
  const word = fc.constantFrom("TIMEOUT", "", "constructor", "__proto__", "429");
  const seen = fc.record({ class: word, timeShare: fc.double(), tags: fc.dictionary(word, word) });
  const tried = fc.array(fc.constantFrom(...choices.map(({ name }) => name), "gone"));
  const mask = fc.uint8Array({ minLength: 5, maxLength: 5, max: 1 });
  const book = runbook({
    rules: [
      { when: { tags: { ["__proto__"]: "429" } }, do: ["gone", "source"] },
      { when: { timeShare: { atMost: 0.5 }, class: "timeout|429" }, do: ["backup", "retry:1000", "retry:1000"] },
    ],
  });
  fc.assert(
    fc.property(seen, tried, mask, (changes, history, allowed) => {
      const index = book.choose(failure(changes, history), choices, allowed);
      expect(index === 4 || allowed[index] === 1).toBe(true);
    }),
  );
});

test("the hash is of what the rules mean, not of how they are written", () => {
  const rule = { when: { service: ["b", "a"], class: "timeout|5XX" }, do: ["source"] };
  const same = { do: ["source"], when: { class: ["5xx", "TIMEOUT"], service: ["a", "b"] }, note: "measured" };
  expect(runbook({ rules: [rule] }).hash).toBe(runbook({ rules: [same] }).hash);
  expect(runbook({ rules: [rule] }).hash).not.toBe(runbook({ rules: [{ ...rule, do: ["backup"] }] }).hash);
});

test("what cannot be meant is refused, with the rule and what is accepted", () => {
  const rules = (...written: unknown[]) => runbook({ rules: written as RunbookRule[] });
  expect(() => runbook({ "5xx|timeout": ["source"], TIMEOUT: [] })).toThrow(
    `runbook: "TIMEOUT" and "5xx|timeout" both name the class TIMEOUT.`,
  );
  expect(() => rules({ do: [] }, { when: { servce: "a" }, do: [] })).toThrow(
    `runbook: rule 2: asks of "servce". Did you mean service? A rule may ask of class, service,`,
  );
  expect(() => rules({ when: { attempt: { atmost: 3 } }, do: [] })).toThrow(
    `runbook: rule 1: "attempt" has a bound "atmost"; bounds are atLeast and atMost.`,
  );
  expect(() => rules({ when: { tags: { freshness: 3 } }, do: [] })).toThrow(
    `runbook: rule 1: "tags.freshness" must be a text or a list of them, got 3.`,
  );
  expect(() => rules({ do: ["source", 3] })).toThrow(`"do" must be a list of names of choices such as "retry:1000"`);
  expect(() => rules({ do: [] }, { do: [] })).toThrow("rule 1 always holds, so that rule 2 is never reached");
});

test("a runbook is held against the planner's choices and features", () => {
  checkRunbook(expert, choices);
  const names = "Choices are: retry:1000, retry:8000, source, backup, giveUp.";
  expect(() => checkRunbook(runbook({ 429: ["sorce"] }), choices)).toThrow(
    `runbook: rule 1 (class 429) takes sorce. Did you mean source? ${names}`,
  );
  expect(() => checkRunbook(runbook({ "*": ["retry"] }), choices)).toThrow(
    `runbook: rule 1 (everything else) takes retry. Say which: retry:1000 or retry:8000.`,
  );
  const book = runbook({ rules: [{ when: { features: { regoin: "eu" } }, do: [] }] });
  expect(() => checkRunbook(book, choices, { features: ["region"] })).toThrow(
    "rule 1 (features.regoin eu) asks of the feature regoin. Did you mean region? Features are: region.",
  );
  expect(() => checkRunbook(runbook({ TIMEOT: [] }), choices, { classes: ["timeout", "429"] })).toThrow(
    "rule 1 (class TIMEOT) asks of the class TIMEOT. Did you mean TIMEOUT? Classes are: TIMEOUT, 429.",
  );
});

test("a file says which format it is in, and is refused in any other", () => {
  const text = runbookToJson(expert);
  expect(parseRunbook(text).hash).toBe(expert.hash);
  expect(parseRunbook(`{ "belay-runbook": 1, "rules": { "429": ["source"] } }`).rules).toEqual([
    { when: { class: "429" }, do: ["source"] },
  ]);
  expect(() => parseRunbook(text.replace(": 1", ": 2"))).toThrow(`"belay-runbook" must be 1`);
  expect(() => parseRunbook("rules:")).toThrow("parseRunbook: this is not JSON");
});

test("YAML is written for people", () => {
  const book = runbook({ 429: ["retry:8000", "source"], "5xx|timeout": ["retry:1000"], "*": [] });
  expect(runbookToYaml(book, "Exported.\nCosts 0.01 of the return.")).toBe(`# Exported.
# Costs 0.01 of the return.
belay-runbook: 1
rules:
  - when: { class: "429" }
    do: [retry:8000, source]
  - when: { class: ["5XX", TIMEOUT] }
    do: [retry:1000]
  - do: []
`);
});

test("what was written as YAML is read as the same rules, whatever the names", () => {
  const text = fc.string({ minLength: 1, unit: "binary" }).filter((name) => name.trim() !== "" && !name.includes("|"));
  const odd = fc.constantFrom(
    "null",
    "no",
    "1e3",
    "0x1f",
    "a: b",
    "- a",
    "#",
    "a:1",
    "~",
    "{",
    "5XX",
    "12:30:45",
    "<<",
  );
  const name = fc.oneof(text, odd);
  const rule = fc.record({
    when: fc.record({
      service: name,
      tags: fc.dictionary(name, name, { noNullPrototype: true }),
      timeShare: fc.constant({ atMost: 1e-7 }),
    }),
    do: fc.array(name),
    note: name,
  });
  fc.assert(
    fc.property(fc.array(rule), name, (rules, comment) => {
      const book = runbook({ rules });
      expect(runbookFrom(parse(runbookToYaml(book, comment))).hash).toBe(book.hash);
    }),
  );
});
