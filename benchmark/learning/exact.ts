/** What a learned policy is worth by the laws of its task, and what the best is. */
import {
  createActor,
  deterministicPolicy,
  type Env,
  environments,
  expectedReturn,
  make,
  type Policy,
  type Space,
  type TabularEnv,
  type TransitionTable,
  valueIteration,
} from "belay-rl";

/** Steps after which an episode without a limit of its own is cut: for those that walk in circles. */
const endless = 1000;

/** A task whose laws lie open. */
export interface OpenTask {
  readonly env: TabularEnv<Space>;
  /** Steps after which its episodes are cut. */
  readonly limit: number;
}

/** The registered task, or null where its laws do not lie open. */
export function openTask(id: string): OpenTask | null {
  const env: Env = make(id);
  const { maxEpisodeSteps } = environments().find((spec) => spec.id === id)!;
  return isTabular(env) ? { env, limit: maxEpisodeSteps ?? endless } : null;
}

function isTabular(env: Env): env is TabularEnv<Space> {
  return "table" in env;
}

/** The mean return of the likeliest actions, over all that can happen. */
export function exactReturn(policy: Omit<Policy, "parameters">, { env, limit }: OpenTask): number {
  const actor = createActor(policy);
  const choices = env.table.P.map((_, state) => {
    const { observation, info } = env.reset({ options: { state } });
    return Number(actor.act(observation, { mask: info.actionMask }));
  });
  return expectedReturn(env.table, deterministicPolicy(choices, env.actionSpace.n), limit);
}

/** The same of the best policy; with ε, of the best among those that take so many actions by chance, when it takes none. */
export function exactOptimum(
  { env, limit }: OpenTask,
  { discount, epsilon = 0 }: { readonly discount: number; readonly epsilon?: number },
): number {
  const { table, actionSpace } = env;
  const { choices } = valueIteration(epsilon > 0 ? stumbling(table, epsilon) : table, { discount });
  return expectedReturn(table, deterministicPolicy(choices, actionSpace.n), limit);
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
