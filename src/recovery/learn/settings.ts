/** Options for tasks of a few hundred thousand short episodes, by algorithm; found on RecoveryBench-0, `belay recovery bench`. */
export const recoverySettings: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ppo: {
    totalSteps: 500_000,
    numEnvs: 64,
    horizon: 32,
    batchSize: 512,
    epochs: 4,
    learningRate: 3e-3,
    learningRateSchedule: "linear",
    discount: 1,
    entropyCoefficient: 0.003,
  },
  reinforce: {
    totalSteps: 1_000_000,
    minSteps: 1000,
    learningRate: 4e-3,
    learningRateSchedule: "linear",
    discount: 1,
    entropyCoefficient: 0.003,
  },
};
