/**
 * SARSA, on-policy control by temporal differences.
 * Rummery & Niranjan 1994; Sutton & Barto 2018, http://incompleteideas.net/book/the-book-2nd.html, section 6.4, "Sarsa".
 */
import type { Countable } from "../env/countable.ts";
import type { Env } from "../env/env.ts";
import type { Discrete } from "../env/space.ts";
import { actionValue } from "../policy/action-table.ts";
import type { Report, Session } from "./algorithm.ts";
import { resolveConfig } from "./config.ts";
import { prepareTabular } from "./tabular.ts";
import { tabularDefaults, tabularRules } from "./tabular-options.ts";

/** The book's symbol comes first. */
export const sarsaDefaults = { ...tabularDefaults };

export type SarsaConfig = typeof sarsaDefaults;

/** Yields every `reportEvery` steps. Takes Discrete actions, and observations that can be counted. */
export async function* sarsa<O extends Countable, A extends Discrete>(
  makeEnv: () => Env<O, A>,
  options: Partial<SarsaConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("sarsa", sarsaDefaults, options, tabularRules);
  const learner = prepareTabular("sarsa", makeEnv, config, 1, session);
  const { envs, states, actions, successors } = learner;
  const [Q] = learner.tables;

  // Choose A from S by the policy derived from Q. A resumed run has its A, but where its episode could not go on.
  for (let n = 0; n < config.numEnvs; n++) {
    if (!session.resume || envs.truncated[n]) actions[n] = learner.choose(states[n]);
  }

  while (learner.goesOn()) {
    // Take A; observe R and S′.
    learner.step();

    for (let n = 0; n < config.numEnvs; n++) {
      // Choose A′ from S′ by the policy derived from Q.
      const next = learner.choose(successors[n]);
      // Q(S, A) ← Q(S, A) + α [R + γ Q(S′, A′) − Q(S, A)].
      learner.learn(Q, n, actionValue(Q, successors[n], next));
      // S ← S′;  A ← A′, or the first action of the next episode.
      learner.advance(n);
      actions[n] = envs.terminated[n] || envs.truncated[n] ? learner.choose(states[n]) : next;
    }
    if (learner.isReportDue()) yield learner.report();
  }
}
