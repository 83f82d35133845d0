/**
 * Q-learning, off-policy control by temporal differences.
 * Watkins 1989, https://www.cs.rhul.ac.uk/~chrisw/thesis.html; Sutton & Barto 2018, section 6.5, "Q-learning".
 */
import type { Countable } from "../env/countable.ts";
import type { Env } from "../env/env.ts";
import type { Discrete } from "../env/space.ts";
import { largestValue } from "../policy/action-table.ts";
import type { Report, Session } from "./algorithm.ts";
import { resolveConfig } from "./config.ts";
import { prepareTabular } from "./tabular.ts";
import { tabularDefaults, tabularRules } from "./tabular-options.ts";

/** The book's symbol comes first. */
export const qLearningDefaults = { ...tabularDefaults };

export type QLearningConfig = typeof qLearningDefaults;

/** Yields every `reportEvery` steps. Takes Discrete actions, and observations that can be counted. */
export async function* qLearning<O extends Countable, A extends Discrete>(
  makeEnv: () => Env<O, A>,
  options: Partial<QLearningConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("q-learning", qLearningDefaults, options, tabularRules);
  const learner = prepareTabular("q-learning", makeEnv, config, 1, session);
  const { states, actions, successors } = learner;
  const [Q] = learner.tables;

  while (learner.goesOn()) {
    // Choose A from S by the policy derived from Q. Take A; observe R and S′.
    for (let n = 0; n < config.numEnvs; n++) actions[n] = learner.choose(states[n]);
    learner.step();

    // Q(S, A) ← Q(S, A) + α [R + γ max Q(S′, ·) − Q(S, A)];  S ← S′.
    for (let n = 0; n < config.numEnvs; n++) {
      learner.learn(Q, n, largestValue(Q, successors[n]));
      learner.advance(n);
    }
    if (learner.isReportDue()) yield learner.report();
  }
}
