/** What a learned policy is worth by the laws of its task, and what the best is. */
import {
  createActor,
  deterministicPolicy,
  type Env,
  expectedReturn,
  type Policy,
  type TabularEnv,
  type TransitionTable,
  valueIteration,
} from "belay-rl";

/** Steps after which an episode without a limit of its own is cut: for those that walk in circles. */
const endless = 1000;

export function isTabular(env: Env): env is TabularEnv {
  return "table" in env;
}

/** The mean return of the likeliest actions, over all that can happen. */
export function exactReturn(policy: Omit<Policy, "parameters">, env: TabularEnv, limit: number | null): number {
  const actor = createActor(policy);
  const choices = env.table.P.map((_, state) => {
    const { observation, info } = env.reset({ options: { state } });
    return Number(actor.act(observation, { mask: info.actionMask }));
  });
  return expectedReturn(env.table, deterministicPolicy(choices, env.actionSpace.n), limit ?? endless);
}

/** The same of the best policy; with ε, of the best among those that take so many actions by chance, when it takes none. */
export function exactOptimum(
  { table, actionSpace }: TabularEnv,
  limit: number | null,
  { discount, epsilon = 0 }: { readonly discount: number; readonly epsilon?: number },
): number {
  const { choices } = valueIteration(epsilon > 0 ? stumbling(table, epsilon) : table, { discount });
  return expectedReturn(table, deterministicPolicy(choices, actionSpace.n), limit ?? endless);
}

/** A task in which each action is, with chance ε, replaced by any: what is best there is best for who explores. */
function stumbling({ P, start }: TransitionTable, epsilon: number): TransitionTable {
  const share = (rows: TransitionTable["P"][number][number], chance: number) =>
    rows.map((outcome) => ({ ...outcome, probability: outcome.probability * chance }));
  return {
    start,
    P: P.map((actions) =>
      actions.map((outcomes) => [
        ...share(outcomes, 1 - epsilon),
        ...actions.flatMap((any) => share(any, epsilon / actions.length)),
      ]),
    ),
  };
}
