import type { AlgorithmName, EnvironmentId } from "belay-rl";

/** What an algorithm is to learn, and what has been published of it. */
export interface LearningTask {
  readonly algorithm: AlgorithmName;
  readonly environment: EnvironmentId;
  readonly totalSteps: number;
  /** The interquartile mean that we mean to reach. */
  readonly target: number;
  /** Figure, steps and source, as docs/results.md shows them. */
  readonly published: string;
}

/** Of tables, no figure is needed from elsewhere: dynamic programming says what is best. */
const book = "dynamic programming";

/** Every learning proof. */
export const tasks: readonly LearningTask[] = [
  task("reinforce", "CartPole-v1", 200_000, 475, "483.31, 200k, 4 seeds, training return (SLM-Lab)"),
  task("actor-critic", "CartPole-v1", 300_000, 400, "none found"),
  task("a2c", "CartPole-v1", 500_000, 490, "500 ± 0, 500k, 1 agent (zoo); IQM 492 [168, 500] (rlox)"),
  task("a3c", "CartPole-v1", 500_000, 475, "none found for this task"),
  task("ppo", "CartPole-v1", 100_000, 495, "500 ± 0, 100k, 1 agent (zoo); IQM 438 [390, 500], 100k (rlox)"),
  task("ppo", "Acrobot-v1", 500_000, -80, "−73.5 ± 18.2, 1M, 1 agent (zoo); −86.36 ± 1.32, 500k, 3 seeds (CleanRL)"),
  task("a2c", "Acrobot-v1", 500_000, -85, "−83.4 ± 17.2, 500k, 1 agent (zoo)"),
  task("ppo", "MountainCar-v0", 1_000_000, -115, "−110.4 ± 19.5, 1M, 1 agent (zoo)"),
  task("ppo", "MountainCarContinuous-v0", 300_000, 90, "88.3 ± 2.6, 20k, 1 agent (zoo, with gSDE)"),
  task("ppo", "Pendulum-v1", 300_000, -175, "−172.2 ± 104.2, 100k, 1 agent (zoo, with gSDE); −174.87, 300k (SLM-Lab)"),
  task("trpo", "CartPole-v1", 100_000, 495, "500 ± 0, 100k, 1 agent (zoo)"),
  task("trpo", "Acrobot-v1", 150_000, -85, "−83.1 ± 18.6, 100k, 1 agent (zoo)"),
  task("trpo", "MountainCarContinuous-v0", 100_000, 92, "92.5 ± 0.4, 50k, 1 agent (zoo, with gSDE)"),
  task("trpo", "Pendulum-v1", 200_000, -180, "−174.6 ± 127.6, 100k, 1 agent (zoo, with gSDE)"),
  task("a2c", "Pendulum-v1", 1_000_000, -200, "−163.0 ± 103.2, 1M, 1 agent (zoo, with gSDE)"),
  task("discrete-sac", "CartPole-v1", 100_000, 450, "406.09, 200k, 4 seeds (SLM-Lab)"),
  task("ddpg", "Pendulum-v1", 20_000, -155, "−152.1 ± 94.3, 20k, 1 agent (zoo)"),
  task("td3", "Pendulum-v1", 20_000, -155, "−151.9 ± 90.2, 20k, 1 agent (zoo)"),
  task("sac", "MountainCarContinuous-v0", 50_000, 94, "94.7 ± 1.1, 50k, 1 agent (zoo, with gSDE)"),
  task(
    "sac",
    "Pendulum-v1",
    20_000,
    -155,
    "−157.0 ± 88.7, 20k, 1 agent (zoo, with gSDE); −150.97, 300k, 4 seeds (SLM-Lab)",
  ),
  task(
    "dqn",
    "BitFlip-v0",
    20_000,
    -3.2,
    "none for 8 bits; DQN alone to 13, with hindsight to 50 (Andrychowicz et al. 2017)",
  ),
  task("dqn", "CartPole-v1", 50_000, 490, "500 ± 0, 50k, 1 agent (zoo)"),
  task("dqn", "MountainCar-v0", 120_000, -105, "−100.8 ± 9.9, 120k, 1 agent (zoo)"),
  task("dqn", "Acrobot-v1", 100_000, -80, "−76.6 ± 11.8, 100k, 1 agent (zoo)"),
  task("double-dqn", "CartPole-v1", 50_000, 490, "none found; DQN: 500 ± 0, 50k, 1 agent (zoo)"),
  task("double-dqn", "Acrobot-v1", 100_000, -80, "none found; DQN: −76.6 ± 11.8, 100k, 1 agent (zoo)"),
  task("c51", "CartPole-v1", 50_000, 485, "500 ± 0, 500k, 1 agent (CleanRL)"),
  task("c51", "Acrobot-v1", 100_000, -88, "−80.1 ± 9.3, 500k, 1 agent (CleanRL)"),
  task("q-learning", "FrozenLake-v1", 500_000, 0.7, book),
  task("q-learning", "FrozenLake8x8-v1", 5_000_000, 0.84, book),
  task("q-learning", "CliffWalking-v1", 50_000, -13, "the path along the edge, 13 steps (Sutton & Barto, example 6.6)"),
  task("q-learning", "Taxi-v4", 500_000, 7.7, book),
  task("q-learning", "Blackjack-v1", 5_000_000, -0.1, book),
  task("sarsa", "FrozenLake-v1", 1_000_000, 0.7, book),
  task("sarsa", "FrozenLake8x8-v1", 5_000_000, 0.84, book),
  task(
    "sarsa",
    "CliffWalking-v1",
    500_000,
    -15,
    "the safer path, 17 steps at a constant α (Sutton & Barto, example 6.6)",
  ),
  task("sarsa", "Taxi-v4", 1_000_000, 7.7, book),
  task("sarsa", "Blackjack-v1", 5_000_000, -0.1, book),
  task("expected-sarsa", "FrozenLake-v1", 1_000_000, 0.7, book),
  task("expected-sarsa", "FrozenLake8x8-v1", 5_000_000, 0.84, book),
  task("expected-sarsa", "CliffWalking-v1", 500_000, -15, book),
  task("expected-sarsa", "Taxi-v4", 1_000_000, 7.7, book),
  task("expected-sarsa", "Blackjack-v1", 5_000_000, -0.1, book),
  task("double-q-learning", "FrozenLake-v1", 1_000_000, 0.7, book),
  task("double-q-learning", "FrozenLake8x8-v1", 5_000_000, 0.84, book),
  task("double-q-learning", "CliffWalking-v1", 200_000, -13, book),
  task("double-q-learning", "Taxi-v4", 500_000, 7.7, book),
  task("double-q-learning", "Blackjack-v1", 5_000_000, -0.1, book),
];

function task(
  algorithm: AlgorithmName,
  environment: EnvironmentId,
  totalSteps: number,
  target: number,
  published: string,
): LearningTask {
  return { algorithm, environment, totalSteps, target, published };
}

/** One seed of a task, as the results folder keeps it. */
export interface SeedResult {
  readonly seed: number;
  readonly steps: number;
  readonly seconds: number;
  /** Mean return of the final policy over 100 episodes, most likely actions. */
  readonly final: number;
  /** The same of the policy that did best in an evaluation on the way. */
  readonly best: number;
  /** The final policy's mean return by the task's table, where it has one. */
  readonly exact?: number;
  /** Mean return over 10 episodes at each evaluation on the way. */
  readonly curve: readonly { readonly steps: number; readonly mean: number }[];
  readonly parametersHash: string;
}

export interface Optimum {
  readonly best: number;
  /** The same of what the algorithm looks for: on-policy, the best policy that explores as it does, when it explores no more. */
  readonly sought: number;
}

/** All seeds of a task, with what they were run with. */
export interface TaskResult {
  readonly algorithm: string;
  readonly environment: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly presetSource: string;
  readonly version: string;
  /** The mean return of the best policy by the task's table, where it has one. */
  readonly optimum?: Optimum;
  readonly seeds: readonly SeedResult[];
}
