/**
 * Double Q-learning: one table says which action is best, the other what it is worth.
 * Van Hasselt 2010, https://papers.nips.cc/paper/3964-double-q-learning, Algorithm 1; Sutton & Barto 2018, section 6.7.
 */
import type { Countable } from "../env/countable.ts";
import type { Env } from "../env/env.ts";
import type { Discrete } from "../env/space.ts";
import { actionValue, bestAction } from "../policy/action-table.ts";
import type { Report, Session } from "./algorithm.ts";
import { resolveConfig } from "./config.ts";
import { prepareTabular } from "./tabular.ts";
import { tabularDefaults, tabularRules } from "./tabular-options.ts";

/** The book's symbol comes first. */
export const doubleQLearningDefaults = { ...tabularDefaults };

export type DoubleQLearningConfig = typeof doubleQLearningDefaults;

/** Yields every `reportEvery` steps. Takes Discrete actions, and observations that can be counted. */
export async function* doubleQLearning<O extends Countable, A extends Discrete>(
  makeEnv: () => Env<O, A>,
  options: Partial<DoubleQLearningConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("double-q-learning", doubleQLearningDefaults, options, tabularRules);
  const learner = prepareTabular("double-q-learning", makeEnv, config, 3, session);
  const { states, actions, successors, random } = learner;
  const [Q, Q1, Q2] = learner.tables;

  while (learner.goesOn()) {
    // Choose A from S by the policy derived from Q = ½ (Q₁ + Q₂). Take A; observe R and S′.
    for (let n = 0; n < config.numEnvs; n++) actions[n] = learner.choose(states[n]);
    learner.step();

    for (let n = 0; n < config.numEnvs; n++) {
      // With probability ½:  Q₁(S, A) ← Q₁(S, A) + α [R + γ Q₂(S′, argmax Q₁(S′, ·)) − Q₁(S, A)], else the other way round.
      const isFirst = random.uniform() < 0.5;
      const [one, other] = isFirst ? [Q1, Q2] : [Q2, Q1];
      const best = bestAction(one, successors[n], random);
      const i = learner.learn(one, n, actionValue(other, successors[n], best));
      Q.values[i] = (Q1.values[i] + Q2.values[i]) / 2;
      // S ← S′.
      learner.advance(n);
    }
    if (learner.isReportDue()) yield learner.report();
  }
}
