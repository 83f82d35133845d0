import type { MetricName } from "../../algorithm/algorithm.ts";
import type { RunConfig } from "../config.ts";
import type { Finished, RunEvent, RunResult } from "../event.ts";
import type { Replay } from "../replay.ts";
import { chart } from "./chart.ts";
import { player } from "./player.ts";
import { evaluationSeries, evaluationsOf, iterationsOf, metricSeries, returnSeries } from "./series.ts";
import { style } from "./style.ts";
import { count, duration, escaped, short } from "./text.ts";

export interface ReportContents {
  readonly config: RunConfig;
  readonly events: readonly RunEvent[];
  readonly result: RunResult;
  readonly replay: Replay | null;
  /** Where the run lies. */
  readonly location: string;
}

/** One page that says what was run and what came of it. It stands alone: nothing is loaded from anywhere. */
export function reportPage(contents: ReportContents): string {
  const { config, replay } = contents;
  const title = `${config.algorithm} on ${config.environment}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Belay</title>
<style>${style}</style>
</head>
<body>
${header(contents, title)}
${tiles(contents)}
${warnings(contents)}
${learningCurve(contents)}
${replay ? `<h2>One episode</h2>${player(replay)}` : ""}
${smallMultiples(contents)}
${evaluationTable(contents)}
${whatNext(contents)}
${optionList(contents)}
</body>
</html>
`;
}

function header({ config, result }: ReportContents, title: string): string {
  const state = result.kind === "finished" ? "Finished" : `Interrupted at step ${count(result.steps)}`;
  return `
<header>
<p class="brand">Belay</p>
<h1>${escaped(title)}</h1>
<p class="soft">${state}. Seed ${config.seed}, begun ${escaped(config.created.slice(0, 16).replace("T", " "))} UTC, belay-rl ${escaped(config.version)} on ${escaped(config.engine)}.</p>
</header>`;
}

function tiles({ result, events }: ReportContents): string {
  const told = iterationsOf(events).at(-1);
  const facts: [value: string, meaning: string][] = result.kind === "finished" ? finishedFacts(result) : [];
  if (facts.length === 0 && told?.return != null)
    facts.push([short(told.return), "mean return of the last 100 episodes"]);
  facts.push([count(result.steps), "environment steps"]);
  if (told) facts.push([duration(told.seconds), "training, without evaluation and writing"]);
  if (told) facts.push([count(told.stepsPerSecond), "steps per second"]);
  return `<div class="tiles">${facts
    .map(
      ([value, meaning], i) =>
        `<div class="tile${i === 0 ? " first" : ""}"><b>${value}</b><span class="soft">${meaning}</span></div>`,
    )
    .join("")}</div>`;
}

function finishedFacts({ evaluation, best }: Finished): [value: string, meaning: string][] {
  const { iqm, ci95, episodes, mean, std } = evaluation;
  const facts: [string, string][] = [
    [short(iqm), `interquartile mean return, 95 % in [${short(ci95[0])}, ${short(ci95[1])}]`],
    [`${short(mean)} ± ${short(std)}`, `mean and deviation over ${episodes} episodes`],
  ];
  if (best) facts.push([short(best.mean), `best evaluation, at ${count(best.steps)} steps`]);
  return facts;
}

function warnings({ events }: ReportContents): string {
  const told = events.filter((event) => event.kind === "warning");
  if (told.length === 0) return "";
  return `<h2>What the doctor says</h2>${told
    .map(
      ({ steps, warning: { name, seen, why, advice } }) =>
        `<div class="warning"><b>${name.replaceAll("-", " ")}</b> <span class="soft">at step ${count(steps)}</span>
<p>${escaped(sentence(seen))} ${escaped(why)} <strong>${escaped(advice)}</strong></p></div>`,
    )
    .join("")}`;
}

function learningCurve({ events, result }: ReportContents): string {
  const line = returnSeries(events);
  const marks = evaluationSeries(events);
  if (line.length + marks.length === 0) return "";
  const drawing = chart({ name: "return", width: 1040, height: 330, end: result.steps, line, band: line, marks });
  return `
<h2>Learning curve</h2>
<figure class="card"><div class="scroll">${drawing}</div>
<figcaption>Return over environment steps.<span class="key"></span>training, mean<span class="key wide"></span>between the deciles of its episodes<span class="key round"></span>evaluation, interquartile mean with 95 % interval</figcaption>
</figure>`;
}

const multiples: readonly [name: MetricName, title: string, meaning: string, include?: number[]][] = [
  ["policyLoss", "Policy loss", "what the actor descends"],
  ["valueLoss", "Value loss", "the critic's squared error", [0]],
  ["explainedVariance", "Explained variance", "1 is a perfect critic", [0, 1]],
  ["entropy", "Entropy", "how much is left to chance"],
  ["standardDeviation", "Standard deviation", "of the actions", [0]],
  ["kl", "KL divergence", "old policy from new", [0]],
  ["clippedFraction", "Clipped fraction", "samples without a slope", [0]],
  ["gradientNorm", "Gradient norm", "before clipping", [0]],
  ["learningRate", "Learning rate", "", [0]],
  ["klCoefficient", "KL coefficient", "weight of the penalty", [0]],
  ["stepFraction", "Step fraction", "of the trust region's longest step", [0, 1]],
  ["saturatedFraction", "Saturated actions", "share at a bound", [0, 1]],
];

function smallMultiples({ events, result }: ReportContents): string {
  const figures = multiples.flatMap(([name, title, meaning, include = []]) => {
    const line = metricSeries(events, name);
    if (line.length < 2) return [];
    const drawing = chart({ name: title, width: 340, height: 170, end: result.steps, line, include });
    return [`<figure class="card"><h3>${title} <span>${meaning}</span></h3>${drawing}</figure>`];
  });
  return figures.length > 0 ? `<h2>Inside the training</h2><div class="multiples">${figures.join("")}</div>` : "";
}

function evaluationTable({ events, result }: ReportContents): string {
  const rows = evaluationsOf(events).map(({ steps, evaluation, best }) => ({ label: count(steps), evaluation, best }));
  if (result.kind === "finished") rows.push({ label: "final", evaluation: result.evaluation, best: false });
  if (rows.length === 0) return "";
  const kept = rows.findLastIndex(({ best }) => best);
  const body = rows.map(
    ({ label, evaluation: { mean, std, iqm, ci95, episodes, returns } }, i) =>
      `<tr><td>${label}${i === kept ? ` <span class="star" title="best.safetensors">★</span>` : ""}</td><td>${short(mean)}</td><td>${short(std)}</td>
<td>${short(iqm)}</td><td>${short(ci95[0])} … ${short(ci95[1])}</td><td>${short(returns.reduce((a, b) => Math.min(a, b)))}</td>
<td>${short(returns.reduce((a, b) => Math.max(a, b)))}</td><td>${episodes}</td></tr>`,
  );
  return `
<h2>Evaluations</h2>
<div class="card scroll"><table>
<tr><th>steps</th><th>mean</th><th>deviation</th><th>IQM</th><th>95 % interval of the IQM</th><th>lowest</th><th>highest</th><th>episodes</th></tr>
${body.join("\n")}
</table></div>
<p class="soft">Each in an environment of its own, always with the most likely action. ★ is kept as best.safetensors; the final policy is judged over starts that no other evaluation saw.</p>`;
}

function whatNext({ config, location, result }: ReportContents): string {
  const run = escaped(location);
  const steps: [what: string, how: string][] =
    result.kind === "finished"
      ? [
          ["Judge it over more episodes", `belay eval ${run} --episodes 1000`],
          [
            "See whether another seed agrees",
            `belay train ${escaped(config.algorithm)} ${escaped(config.environment)} --seed ${config.seed + 1}`,
          ],
          ["Use it in a program", useIt(run)],
          ["Look closer", `tensorboard --logdir ${run}`],
        ]
      : [["Go on where it stopped", `belay resume ${run}`]];
  return `<h2>What to do next</h2><div class="card">${steps.map(([what, how]) => `<h3>${what}</h3><pre>${how}</pre>`).join("")}</div>`;
}

function useIt(run: string): string {
  return `import { readFile } from "node:fs/promises";
import { load } from "belay-rl/deploy";

const policy = load(await readFile("${run}/policy.safetensors"));
const action = policy.act(observation);`;
}

function optionList({ config, result }: ReportContents): string {
  const rows = Object.entries(config.options).map(
    ([name, value]) =>
      `<div><dt>${escaped(name)}</dt><dd>${escaped(Array.isArray(value) ? value.join(", ") : value)}</dd></div>`,
  );
  const hash =
    result.kind === "finished"
      ? `<p class="soft hash">${meaning(result)} <code>${result.parametersHash}</code>.</p>`
      : "";
  return `<h2>Options</h2><div class="card"><dl>${rows.join("")}</dl></div>${hash}`;
}

function meaning({ reproducible }: Finished): string {
  return reproducible
    ? "The same seed, options and version end with the same parameters, whose sha256 is"
    : "Not all was decided by the seed: another run will end with other parameters. The sha256 of these is";
}

function sentence(text: string): string {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
