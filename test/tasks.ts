import { type AlgorithmName, algorithms, type Env, make } from "belay-rl";
import { walk } from "./environment/walk.ts";

/** Small tasks, among which every algorithm finds one that it takes. */
export const tasks = {
  "CartPole-v1": () => make("CartPole-v1"),
  "Pendulum-v1": () => make("Pendulum-v1"),
  "Walk-v0": walk,
} as const satisfies Record<string, () => Env>;

export type TaskName = keyof typeof tasks;

/** Those whose observations and actions the algorithm takes. */
export function tasksOf(algorithm: AlgorithmName): TaskName[] {
  const { observationSpaces, actionSpaces } = algorithms[algorithm];
  return (Object.keys(tasks) as TaskName[]).filter((name) => {
    const { observationSpace, actionSpace } = tasks[name]();
    return observationSpaces.includes(observationSpace.kind) && actionSpaces.includes(actionSpace.kind);
  });
}
