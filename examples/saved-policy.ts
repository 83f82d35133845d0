/**
 * A saved policy at work, without the trainer: `belay-rl/deploy` and a file are all it takes. The file comes from
 *
 *   npx belay train ppo CartPole-v1 --out runs/first
 */
import { readFileSync } from "node:fs";
import { load } from "belay-rl/deploy";

/** Which way to push, and how surely, for a pole that leans to the left, stands, or leans to the right. */
export function main(path = "runs/first/policy.safetensors") {
  const policy = load(readFileSync(path));
  return [-0.1, 0, 0.1].map((angle) => {
    const observation = Float32Array.of(0, 0, angle, 0);
    const distribution = policy.distributionAt(observation);
    if (distribution.kind !== "categorical") throw new TypeError(`${path} is not a policy of two choices.`);
    const [left, right] = distribution.probabilities;
    return { angle, push: policy.act(observation) === 1 ? "right" : "left", probability: Math.max(left, right) };
  });
}

if (process.argv[1]?.endsWith("saved-policy.ts")) console.table(main(process.argv[2]));
