/** Short trainings whose parameters must not depend on where they are done. */
import { a2c, make, ppo, reinforce } from "belay-rl";
import { parametersHash } from "belay-rl/deploy";

const short = { seed: 11, totalSteps: 4096, numEnvs: 4, horizon: 128 };

const trainings = {
  "ppo on CartPole-v1": () => ppo(() => make("CartPole-v1"), short),
  "ppo on Pendulum-v1, normalised": () =>
    ppo(() => make("Pendulum-v1"), { ...short, normalizeObservations: true, normalizeRewards: true }),
  "a2c on CartPole-v1": () => a2c(() => make("CartPole-v1"), { ...short, horizon: 16 }),
  "reinforce on CartPole-v1": () => reinforce(() => make("CartPole-v1"), { seed: 11, totalSteps: 4096 }),
};

export type TrainingName = keyof typeof trainings;

export const trainingNames = Object.keys(trainings) as TrainingName[];

/** The hash of the parameters after each iteration. */
export async function train(name: TrainingName): Promise<string[]> {
  const hashes: string[] = [];
  for await (const { policy } of trainings[name]()) hashes.push(parametersHash(policy.parameters));
  return hashes;
}
