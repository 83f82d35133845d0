import { basename } from "node:path";
import type { Finished } from "../../run/event.ts";
import type { Output } from "../io.ts";
import type { Result } from "../result.ts";
import { count, short } from "./number.ts";
import { createStyle } from "./style.ts";

/** How a run went and what can be done next. */
export function summary(
  { algorithm, environment, run }: Pick<Result, "algorithm" | "environment" | "run">,
  { steps, seconds, stepsPerSecond, evaluation, parametersHash, best, reproducible }: Finished,
  output: Output,
): string {
  const { bold, dim, accent, good } = createStyle(output);
  const { mean, std, iqm, ci95, episodes } = evaluation;
  const row = (name: string, value: string) => `  ${dim(name.padEnd(12))}${value}`;
  const next = (command: string, meaning: string) => `  ${accent(command.padEnd(run.length + 20))}${dim(meaning)}`;
  return [
    "",
    `  ${good("✔")} ${bold(`${algorithm} on ${environment}`)}  ${dim(`${count(steps)} steps in ${short(seconds)} s, ${count(stepsPerSecond)} steps/s`)}`,
    "",
    row("return", `${bold(short(mean))} ± ${short(std)}  ${dim(`${episodes} fresh episodes`)}`),
    row("middle half", `${short(iqm)}  ${dim(`95 % between ${short(ci95[0])} and ${short(ci95[1])}`)}`),
    ...(best ? [row("best", `${short(best.mean)}  ${dim(`at step ${count(best.steps)}: best.safetensors`)}`)] : []),
    row("parameters", dim(reproducible ? parametersHash : `${parametersHash}, not reproducible`)),
    "",
    next(`open ${run}/report.html`, "curves, and an episode to watch"),
    next(`belay eval ${run}`, "play more episodes"),
    next("node play.mjs", `use the policy, where play.mjs is:`),
    "",
    ...policyInFiveLines(environment, run).map((line) => dim(`      ${line}`)),
    "",
    "",
  ].join("\n");
}

function policyInFiveLines(environment: string, run: string): string[] {
  const maker = /[/\\]/.test(environment)
    ? `import makeEnv from "./${basename(environment)}"; const env = makeEnv();`
    : `const env = make("${environment}");`;
  return [
    `import { readFileSync } from "node:fs";`,
    `import { load, make } from "belay-rl";`,
    maker,
    `const policy = load(readFileSync("${run}/policy.safetensors"), env);`,
    "console.log(policy.act(env.reset({ seed: 1 }).observation));",
  ];
}
