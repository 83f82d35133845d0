import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { type DeployedPolicy, load } from "../../deploy/load.ts";
import type { Env } from "../../env/env.ts";
import { folderStore } from "../../platform/node/folder-store.ts";
import { evaluate } from "../../run/evaluate.ts";
import { type Command, jsonFlag, seedFlag } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { findEnvironment } from "../find-environment.ts";
import { resultLine } from "../result.ts";
import { readRecord } from "../run-record.ts";
import { count, short } from "../terminal/number.ts";
import { createStyle } from "../terminal/style.ts";
import { UsageError } from "../usage-error.ts";

const EPISODES = 100;

export const evaluateCommand: Command = {
  name: "eval",
  summary: "play episodes with a trained policy, each time the likeliest action",
  operands: [{ name: "run or policy file" }],
  flags: {
    episodes: { value: "N", meaning: `how many; ${EPISODES} unless given` },
    seed: { ...seedFlag, meaning: "decides where the episodes start; 0 unless given" },
    json: jsonFlag,
  },

  async run(input, io) {
    const asked = input.operands[0];
    const { bytes, file, environment } = await findPolicy(resolve(io.folder, asked), asked);
    const { makeEnv } = await findEnvironment(environment, io.folder);
    const env = makeEnv();
    const policy = loaded(bytes, file, env);
    env.close?.();
    const episodes = input.integer("episodes", 1) ?? EPISODES;

    const begin = performance.now();
    const evaluation = evaluate(policy, makeEnv, { episodes, seed: input.integer("seed", 0) ?? 0 });
    const seconds = (performance.now() - begin) / 1000;

    const { algorithm, seed, steps, parametersHash } = policy.training;
    if (input.has("json")) {
      const stepsPerSecond = evaluation.lengths.reduce((sum, length) => sum + length, 0) / seconds;
      const who = { algorithm, environment, seed, steps, parametersHash, run: asked };
      io.stdout.write(resultLine({ ...who, seconds, stepsPerSecond, evaluation }));
      return exitCode.done;
    }
    const { bold, dim } = createStyle(io.stdout);
    const { mean, std, iqm, ci95 } = evaluation;
    io.stdout.write(
      [
        `  ${bold(`${algorithm} on ${environment}`)}  ${dim(`${file}, after ${count(steps)} steps`)}`,
        `  ${dim("return       ")}${bold(short(mean))} ± ${short(std)}  ${dim(`${episodes} episodes`)}`,
        `  ${dim("middle half  ")}${short(iqm)}  ${dim(`95 % between ${short(ci95[0])} and ${short(ci95[1])}`)}`,
        "",
      ].join("\n"),
    );
    return exitCode.done;
  },
};

interface FoundPolicy {
  readonly bytes: Uint8Array;
  /** As a user would name it. */
  readonly file: string;
  /** An id, or the path of a module. */
  readonly environment: string;
}

/** Of a run, the policy it ended with, or the best so far where it has not ended. */
async function findPolicy(path: string, asked: string): Promise<FoundPolicy> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new UsageError(`there is no run or policy file ${asked}.`);
  const store = folderStore(found.isDirectory() ? path : dirname(path));
  const files = found.isDirectory() ? ["policy.safetensors", "best.safetensors"] : [basename(path)];
  for (const name of files) {
    const bytes = await store.read(name);
    if (!bytes) continue;
    const file = found.isDirectory() ? join(asked, name) : asked;
    const { training } = loaded(bytes, file);
    const { environment } = await readRecord(store, training.environment);
    return { bytes, file, environment };
  }
  throw new UsageError(`${asked} holds no policy yet: it has neither ${files.join(" nor ")}.`);
}

/** With an environment, the policy's spaces are held against it. */
function loaded(bytes: Uint8Array, name: string, env?: Env): DeployedPolicy {
  try {
    return env ? load(bytes, env) : load(bytes);
  } catch (error) {
    throw new UsageError(`${name} cannot be used: ${error instanceof Error ? error.message : error}`);
  }
}
