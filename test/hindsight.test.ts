import { bitFlip, type DqnConfig, dqn, make, type Report, train } from "belay-rl";
import { expect, test } from "vitest";

const options = {
  totalSteps: 3000,
  seed: 1,
  hidden: [64],
  batchSize: 64,
  learningRate: 1e-3,
  discount: 0.98,
  learningStarts: 200,
  trainFrequency: 1,
  targetUpdateInterval: 200,
  explorationFraction: 0.5,
  reportEvery: 1000,
} satisfies Partial<DqnConfig>;

async function reportsOf(changes: Partial<DqnConfig>): Promise<Report[]> {
  const reports: Report[] = [];
  for await (const report of dqn(() => bitFlip({ bits: 6 }), { ...options, ...changes })) reports.push(report);
  return reports;
}

/** Of the last thousand steps' episodes, how many got there. */
async function reached(changes: Partial<DqnConfig>): Promise<number> {
  const episodes = (await reportsOf(changes)).at(-1)?.episodes ?? [];
  return episodes.filter(({ truncated }) => !truncated).length / episodes.length;
}

test("DQN learns with hindsight, final or future, what it does not without", async () => {
  expect(await reached({ hindsight: "none" })).toBeLessThan(0.5);
  expect(await reached({ hindsight: "final" })).toBeGreaterThan(0.9);
  expect(await reached({ hindsight: "future" })).toBeGreaterThan(0.9);
});

test("a run with hindsight and priorities, stopped and resumed, ends with the same bytes", async () => {
  const changes = { hindsight: "future", prioritized: true, totalSteps: 900, reportEvery: 300 } as const;
  const whole = (await reportsOf(changes)).map(({ policy }) => policy);
  let first: Report | null = null;
  for await (const report of dqn(() => bitFlip({ bits: 6 }), { ...options, ...changes })) {
    first = report;
    break;
  }
  const resume = first?.snapshot();
  if (!resume) throw new Error("the run gave no report");
  let last: Report | null = null;
  for await (const report of dqn(() => bitFlip({ bits: 6 }), { ...options, ...changes }, { resume })) last = report;
  expect(last?.policy.parameters).toEqual(whole.at(-1)?.parameters);
});

test("a run trains with hindsight, and its policy acts on what the environment shows", async () => {
  const evaluation = { every: 0, episodes: 1, finalEpisodes: 50 };
  const { policy, evaluation: judged } = await train(
    dqn,
    () => make("BitFlip-v0"),
    { ...options, totalSteps: 6000, hindsight: "future" },
    { evaluation },
  );
  // At best half of eight bits are wrong, and the last flip costs nothing: −3; without an end, −8.
  expect(judged.mean).toBeGreaterThan(-4);
  expect(policy.act(make("BitFlip-v0").reset({ seed: 1 }).observation)).toBeLessThan(8);
});
