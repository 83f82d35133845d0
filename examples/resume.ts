/**
 * Stop anywhere, go on later, end with the same bytes. A snapshot holds all that decides the rest of a run: parameters, what the
 * optimiser remembers, every stream of chance, the state of every environment.
 */
import { a2c, make, parametersHash, type Snapshot } from "belay-rl";

const makeEnv = () => make("CartPole-v1");
const options = { seed: 1, totalSteps: 20_000 };

/** Trains to the end, from the seed or from a snapshot. */
async function hashAtTheEnd(resume?: Snapshot): Promise<string> {
  let hash = "";
  for await (const { policy } of a2c(makeEnv, options, resume && { resume })) hash = parametersHash(policy.parameters);
  return hash;
}

/** Trains as far as `steps`, and leaves. */
async function snapshotAt(steps: number): Promise<Snapshot> {
  for await (const report of a2c(makeEnv, options)) if (report.steps >= steps) return report.snapshot();
  throw new RangeError(`The run ended before step ${steps}.`);
}

export async function main() {
  return { uninterrupted: await hashAtTheEnd(), resumed: await hashAtTheEnd(await snapshotAt(7_000)) };
}

if (process.argv[1]?.endsWith("resume.ts")) console.log(await main());
