import { exp, type LoggedBandit, type Random, type RewardModel } from "belay-rl";

/** A task of single decisions whose truth is known. */
export interface Setting {
  readonly name: string;
  readonly seed: number;
  readonly size: number;
  readonly contexts: number;
  readonly actions: number;
  /** The chance of success is between these, over contexts and actions. */
  readonly success: readonly [number, number];
  /** How sure the logging policy is of what it takes for best; with chance ε it takes any action. */
  readonly logging: { readonly sureness: number; readonly epsilon: number };
  readonly evaluated: { readonly sureness: number; readonly epsilon: number };
}

const usual = { seed: 1, size: 2000, contexts: 5, actions: 5, success: [0.1, 0.9] } as const;

export const settings: readonly Setting[] = [
  {
    ...usual,
    name: "uniform to greedy",
    logging: { sureness: 0, epsilon: 1 },
    evaluated: { sureness: 100, epsilon: 0 },
  },
  {
    ...usual,
    name: "runbook to learned",
    seed: 2,
    logging: { sureness: -3, epsilon: 0.3 },
    evaluated: { sureness: 8, epsilon: 0 },
  },
  {
    ...usual,
    name: "small log",
    seed: 3,
    size: 500,
    logging: { sureness: 1, epsilon: 0.3 },
    evaluated: { sureness: 4, epsilon: 0 },
  },
  {
    ...usual,
    name: "rare success",
    seed: 4,
    size: 10_000,
    success: [0.002, 0.01],
    logging: { sureness: 0, epsilon: 1 },
    evaluated: { sureness: 300, epsilon: 0 },
  },
  {
    ...usual,
    name: "heavy weights",
    seed: 5,
    size: 5000,
    actions: 10,
    logging: { sureness: -4, epsilon: 0.1 },
    evaluated: { sureness: 3, epsilon: 0.2 },
  },
  {
    ...usual,
    name: "frequent success",
    seed: 6,
    size: 1000,
    success: [0.9, 0.99],
    logging: { sureness: 0, epsilon: 0.5 },
    evaluated: { sureness: 30, epsilon: 0 },
  },
  {
    ...usual,
    name: "at the gate",
    seed: 7,
    size: 3000,
    logging: { sureness: -4, epsilon: 0.1 },
    evaluated: { sureness: 12, epsilon: 0 },
  },
];

export interface BanditTask {
  /** What the evaluated policy earns. */
  readonly truth: number;
  readonly rewardRange: readonly [number, number];
  readonly maxWeight: number;
  draw(random: Random): LoggedBandit & { readonly model: RewardModel };
}

/** The task of a setting: contexts are even, and a reward is 1 for a success. */
export function banditTask({ size, contexts, actions, success, logging, evaluated }: Setting): BanditTask {
  const [least, most] = success;
  // Chances of success that are spread over the range, otherwise in each context.
  const chance = (context: number, action: number) =>
    least + ((most - least) * ((action * 7 + context * 3) % actions)) / (actions - 1);
  const policyOf = ({ sureness, epsilon }: Setting["logging"]) =>
    Array.from({ length: contexts }, (_, context) => {
      const powers = Array.from({ length: actions }, (_, action) => exp(sureness * chance(context, action)));
      const total = powers.reduce((sum, power) => sum + power);
      return powers.map((power) => epsilon / actions + ((1 - epsilon) * power) / total);
    });
  const [logs, evaluates] = [policyOf(logging), policyOf(evaluated)];
  const each = (of: (context: number, action: number) => number) =>
    logs.flatMap((row, context) => row.map((_, action) => of(context, action)));
  const truth =
    each((context, action) => evaluates[context][action] * chance(context, action)).reduce((a, b) => a + b) / contexts;
  const maxWeight = Math.max(...each((context, action) => evaluates[context][action] / logs[context][action]));
  /** Too even by half, as a model can be. */
  const expected = (context: number, action: number) => 0.5 * chance(context, action) + 0.25 * (least + most);
  const expectedValues = evaluates.map((row, context) =>
    row.reduce((sum, mass, action) => sum + mass * expected(context, action), 0),
  );

  return {
    truth,
    rewardRange: [0, 1],
    maxWeight,
    draw(random) {
      const column = () => new Float64Array(size);
      const [rewards, propensities, probabilities] = [column(), column(), column()];
      const model = { actionValues: column(), values: column() };
      for (let i = 0; i < size; i++) {
        const context = random.integer(contexts);
        let action = 0;
        for (let left = random.uniform() - logs[context][0]; left >= 0 && action < actions - 1; )
          left -= logs[context][++action];
        rewards[i] = Number(random.uniform() < chance(context, action));
        propensities[i] = logs[context][action];
        probabilities[i] = evaluates[context][action];
        model.actionValues[i] = expected(context, action);
        model.values[i] = expectedValues[context];
      }
      return { rewards, propensities, probabilities, model };
    },
  };
}
