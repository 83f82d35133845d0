import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Input } from "../command.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import type { Io, Output } from "../io.ts";
import { type Demonstration, type DemonstrationProgress, demonstrate } from "../recovery-demo/demonstrate.ts";
import { demonstrationPage } from "../recovery-demo/page.ts";
import { scoreTable } from "../recovery-demo/score-table.ts";
import { timeline } from "../recovery-demo/timeline.ts";
import { bar } from "../terminal/draw.ts";
import { count } from "../terminal/number.ts";
import { createStyle } from "../terminal/style.ts";

const full = { seconds: 20, perSecond: 12, trainingSteps: 150_000 };
const quick = { seconds: 4, perSecond: 12, trainingSteps: 20_000 };

/** `belay recovery demo`: faults on real sockets, and who keeps a pipeline going through them. */
export async function recoveryDemoCommand(input: Input, io: Io): Promise<ExitCode> {
  const seed = input.integer("seed", 0) ?? 1;
  const out = input.text("out");
  const show = progressOn(io.stderr);
  const pace = input.has("quick") ? quick : full;
  const demonstration = await demonstrate({ ...pace, seed, onProgress: show.hear });
  show.end();
  if (out !== undefined) await writePage(demonstration, resolve(io.folder, out), io);
  io.stdout.write(
    input.has("json") ? `${JSON.stringify(summaryOf(demonstration))}\n` : story(demonstration, io.stdout),
  );
  return exitCode.done;
}

/** All but each single step. */
function summaryOf({ contestants, ...rest }: Demonstration) {
  return { ...rest, contestants: contestants.map(({ name, title, score }) => ({ name, title, ...score })) };
}

async function writePage(demonstration: Demonstration, folder: string, { stderr }: Io): Promise<void> {
  const path = join(folder, "recovery-demo.html");
  await mkdir(folder, { recursive: true });
  await writeFile(path, demonstrationPage(demonstration));
  stderr.write(`  wrote ${path}\n`);
}

function story(demonstration: Demonstration, output: Output): string {
  const style = createStyle(output);
  const { seed, seconds, faults, training, contestants, absent } = demonstration;
  const columns = output.columns ?? 120;
  const lines = [
    "",
    `  ${style.bold(`${faults.length} faults in ${seconds} seconds`)}  ${style.dim(`the same for all, seed ${seed}`)}`,
    `  ${style.dim("on sockets of this machine, every time a tenth of real life;")}`,
    `  ${style.dim(`learned from ${count(training.steps)} simulated decisions in ${training.seconds.toFixed(1)} s`)}`,
    "",
    timeline(demonstration, columns, style),
    scoreTable(contestants, columns - 2, style).replace(/^/gm, "  "),
    "",
    ...(absent ? [`  ${style.caution(absent)}`, ""] : []),
    `  ${style.dim("Seconds are from the first failure to the end. Doubled: booked twice.")}`,
    `  ${style.dim("Return: 1 a step done, −.6 one given up, less time, calls and cost.")}`,
    "",
  ];
  return `${lines.join("\n")}\n`;
}

/** A bar for the training, then one for the faults with what happens to whom; nothing where nobody watches. */
function progressOn(output: Output) {
  const style = createStyle(output);
  const tally = new Map<string, { saved: number; lost: number }>();
  let drawn = false;
  function draw(text: string): void {
    if (output.columns === null) return;
    output.write(`${drawn ? "\u001b[1A\u001b[J" : ""}  ${text}\n`);
    drawn = true;
  }
  return {
    hear(progress: DemonstrationProgress): void {
      if (progress.stage === "training") {
        const [done, left] = bar(progress.share, 24);
        draw(
          `learning in a simulator  ${style.accent(done)}${style.dim(left)}  return ${progress.return?.toFixed(2) ?? ""}`,
        );
        return;
      }
      const { contestant, result, second } = progress;
      const own = tally.get(contestant) ?? { saved: 0, lost: 0 };
      if (!result.ok) own.lost++;
      else if (result.meter.troubledAt !== null) own.saved++;
      tally.set(contestant, own);
      const told = [...tally].map(
        ([name, { saved, lost }]) => `${name} ${style.accent(`${saved} ◆`)} ${style.bad(`${lost} ✗`)}`,
      );
      draw(`${second.toFixed(1).padStart(5)} s  ${told.join("   ")}`);
    },
    end(): void {
      if (drawn) output.write("\u001b[1A\u001b[J");
    },
  };
}
