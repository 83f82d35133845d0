/** PPO learns to keep a pole upright. */
import { make, ppo, train } from "belay-rl";

export async function main() {
  const options = { seed: 1, totalSteps: 100_000, numEnvs: 8, horizon: 128, batchSize: 128, learningRate: 1e-3 };
  const { policy, evaluation, parametersHash } = await train(ppo, () => make("CartPole-v1"), options);

  // Position, velocity, angle, angular velocity.
  const fallingToTheRight = new Float32Array([0, 0, 0.1, 0.5]);
  const push = policy.act(fallingToTheRight) === 1 ? "right" : "left";
  return { mean: evaluation.mean, push, parametersHash };
}

if (process.argv[1]?.endsWith("train-cart-pole.ts")) console.log(await main());
