import { type DecisionRecord, episodes, groupEpisodes, memoryLog, parseRecord } from "belay-rl/recovery";
import { expect, test } from "vitest";
import { decision, gathered } from "./recovery-record.ts";

test("a decision is the same after it was a line", () => {
  const record = decision({ class: "5XX\n“\u2028", policyProbabilities: null, cause: "slow" });
  expect(parseRecord(JSON.stringify(record))).toEqual(record);
});

test("a line that is no decision is refused by what is wrong with it", () => {
  const line = (changes: object) => JSON.stringify({ ...decision(), ...changes });
  const refusals: [string, string][] = [
    [line({}).slice(0, 40), `parseRecord: a line must be whole JSON, got ${line({}).slice(0, 40)}.`],
    ["[]", "parseRecord: a line must be an object, got []."],
    [line({ kind: "note" }), `parseRecord: kind must be "decision", got "note".`],
    [line({ propensity: Number.NaN }), "parseRecord: propensity must be a number in [0, 1], got null."],
    [line({ draw: undefined }), "parseRecord: draw must be a number in [0, 1], got nothing."],
    [line({ traceId: 7 }), "parseRecord: traceId must be a string or null, got 7."],
    [line({ step: -1 }), "parseRecord: step must be a count, got -1."],
    [line({ features: { a: [] } }), `parseRecord: features must be an object of plain values, got {"a":[]}.`],
    [line({ history: [{}] }), "parseRecord: history must be a list of attempts, got [{}]."],
    [line({ reward: {} }), "parseRecord: reward must be its parts, each a number, got {}."],
    [line({ mask: [1, 1] }), "parseRecord: mask must have an entry for each of 3 choices, got 2."],
    [line({ action: "pray" }), "parseRecord: action must be one of retry:1000, source, giveUp, got pray."],
  ];
  for (const [text, message] of refusals) expect(() => parseRecord(text)).toThrow(message);
});

const cost = { success: 0, seconds: -0.25, calls: -0.5, cost: 0, unhealthy: 0, escalate: 0, deadline: 0 };
const step = (episode: string, step: number, terminal: boolean): DecisionRecord =>
  decision({ episode, step, terminal, reward: cost });

const interleaved = [
  step("a", 0, false),
  step("b", 1, false),
  step("a", 1, true), // −0.75 twice
  step("cut", 0, false),
  step("holed", 1, true),
  step("b", 0, false),
  step("b", 2, true),
];

test("episodes that processes wrote in turn come whole, in the order in which they ended, and the others at the end", async () => {
  const told: [string, number, boolean][] = [
    ["a", -1.5, true],
    ["holed", -0.75, false],
    ["b", -2.25, true],
    ["cut", -0.75, false],
  ];
  const grouped = groupEpisodes(interleaved);
  expect(grouped.map((episode) => [episode.id, episode.return, episode.whole])).toEqual(told);
  expect(grouped[2].records.map((record) => record.step)).toEqual([0, 1, 2]);
  expect(await gathered(episodes(interleaved))).toEqual(grouped);
});

test("an episode whose end nobody saw is not whole; one that its caller broke off is", () => {
  const ending = (outcome: string) => groupEpisodes([decision({ step: 0, terminal: true, outcome })])[0].whole;
  expect([ending("unknown"), ending("aborted"), ending("ok")]).toEqual([false, true, true]);
});

test("an episode comes as soon as its last record is read", async () => {
  let read = 0;
  const counted = (function* () {
    for (const record of interleaved) {
      read++;
      yield record;
    }
  })();
  const { value } = await episodes(counted).next();
  expect([value?.id, read]).toEqual(["a", 3]);
});

test("a log in memory keeps what it is given", async () => {
  const log = memoryLog();
  for (const record of interleaved) log.append(record);
  await log.flush();
  expect(log.records).toEqual(interleaved);
  expect(log.lost).toBe(0);
});
