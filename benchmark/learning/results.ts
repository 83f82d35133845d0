/** npm run benchmark:results: benchmark/learning/results/*.json → docs/results.md and docs/picture/learning-curves.svg. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRandom, interquartileMean, stratifiedBootstrap } from "belay-rl";
import { drawCurves } from "./curves.ts";
import { type LearningTask, type TaskResult, tasks } from "./task.ts";

const all = tasks.flatMap((task) => {
  const path = `benchmark/learning/results/${task.algorithm}-${task.environment}.json`;
  return existsSync(path) ? [{ task, result: JSON.parse(readFileSync(path, "utf8")) as TaskResult }] : [];
});

const found = all.filter(({ result }) => !result.optimum);
const solvable = all.filter(({ result }) => result.optimum);

mkdirSync("docs/picture", { recursive: true });
writeFileSync("docs/picture/learning-curves.svg", drawCurves(found));
writeFileSync("docs/results.md", page());

function page(): string {
  return `# What Belay learns

Every row is ${found[0]?.result.seeds.length ?? 0} runs from different seeds with the preset of that algorithm and environment. **Final** is the policy at the end of the
run, **best** the one that did best in an evaluation on the way; both are judged afresh over 100 episodes that no run has seen, taking
the most likely action. A cell is the interquartile mean over seeds with its 95 % stratified-bootstrap interval. *Published* figures are
as their sources state them, and are of several kinds: deterministic evaluations of one saved agent (rl-baselines3-zoo, its deviation
over episodes), means over the last training episodes (CleanRL, SLM-Lab, theirs over seeds). Read them as the neighbourhood to be in.

\`\`\`sh
npm run benchmark:learning        # every task, 10 seeds; or name them: -- ppo/CartPole-v1 --seeds 3
npm run benchmark:results         # this page and its picture, from benchmark/learning/results
\`\`\`

| environment | algorithm | steps | final | best | goal | reached by the final IQM | worst seed | published |
|---|---|---|---|---|---|---|---|---|
${found.map(row).join("\n")}

![Learning curves: return against steps, from the worst seed to the best](picture/learning-curves.svg)

The line is the interquartile mean over seeds of 10-episode evaluations, the band reaches from the worst seed to the best, and the
dashed line is the goal.
Options, seeds, curves and parameter hashes stand in \`benchmark/learning/results\`; where a preset's options come from stands there too,
and in \`src/algorithm/preset\`.
${solvable.length > 0 ? exactTable() : ""}`;
}

/** Where dynamic programming knows better than any sample. */
function exactTable(): string {
  return `
## Exactly

Where the task is a table of chances, the final policy is not sampled but computed: its mean return over all that can happen, taking
the best action, cut where the task cuts. **Optimum** is that of the policy which value iteration finds at the preset's γ. SARSA and
expected SARSA look for the best policy *that explores as they do*: what that one is worth when it explores no more stands behind it
where it is another. Over seeds: the mean, the worst, and how many are within 0.0001 of what they look for.

| environment | algorithm | steps | mean | worst | optimum | gap | seeds there |
|---|---|---|---|---|---|---|---|
${solvable.map(exactRow).join("\n")}
`;
}

function exactRow({ task, result }: { task: LearningTask; result: TaskResult }): string {
  const { best, sought } = result.optimum!;
  const values = result.seeds.map(({ exact }) => exact!);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const optimum = fine(sought) === fine(best) ? fine(best) : `${fine(best)} (${fine(sought)})`;
  const there = values.filter((value) => Math.abs(value - sought) < 1e-4).length;
  const cells = [
    task.environment,
    task.algorithm,
    task.totalSteps.toLocaleString("en"),
    fine(mean),
    fine(Math.min(...values)),
    optimum,
    fine(sought - mean),
    `${there} of ${values.length}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function fine(value: number): string {
  return (Math.abs(value) < 5e-5 ? 0 : value).toFixed(4).replace("-", "−");
}

function row({ task, result }: { task: LearningTask; result: TaskResult }): string {
  const finals = result.seeds.map(({ final }) => final);
  const bests = result.seeds.map(({ best }) => best);
  const reached = interquartileMean(finals) >= task.target ? "yes" : "**no**";
  const cells = [
    task.environment,
    task.algorithm,
    task.totalSteps.toLocaleString("en"),
    summary(finals),
    summary(bests),
    `≥ ${task.target.toString().replace("-", "−")}`,
    reached,
    number(Math.min(...finals)),
    task.published,
  ];
  return `| ${cells.join(" | ")} |`;
}

function summary(scores: readonly number[]): string {
  const [low, high] = stratifiedBootstrap([scores], interquartileMean, { random: createRandom(0), resamples: 50_000 });
  return `${number(interquartileMean(scores))} [${number(low)}, ${number(high)}]`;
}

function number(x: number): string {
  return x.toFixed(1).replace("-", "−");
}
