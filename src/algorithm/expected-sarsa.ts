/**
 * Expected SARSA: the mean over the next actions instead of one of them.
 * Van Seijen et al. 2009, https://doi.org/10.1109/ADPRL.2009.4927542, Algorithm 1; Sutton & Barto 2018, section 6.6.
 */
import type { Countable } from "../env/countable.ts";
import type { Env } from "../env/env.ts";
import type { Discrete } from "../env/space.ts";
import type { Report, Session } from "./algorithm.ts";
import { resolveConfig } from "./config.ts";
import { prepareTabular } from "./tabular.ts";
import { tabularDefaults, tabularRules } from "./tabular-options.ts";

/** The book's symbol comes first. */
export const expectedSarsaDefaults = { ...tabularDefaults };

export type ExpectedSarsaConfig = typeof expectedSarsaDefaults;

/** Yields every `reportEvery` steps. Takes Discrete actions, and observations that can be counted. */
export async function* expectedSarsa<O extends Countable, A extends Discrete>(
  makeEnv: () => Env<O, A>,
  options: Partial<ExpectedSarsaConfig> = {},
  session: Session = {},
): AsyncGenerator<Report<O, A>, void, void> {
  const config = resolveConfig("expected-sarsa", expectedSarsaDefaults, options, tabularRules);
  const learner = prepareTabular("expected-sarsa", makeEnv, config, 1, session);
  const { states, actions, successors } = learner;
  const [Q] = learner.tables;

  while (learner.goesOn()) {
    // Choose A from S by the policy derived from Q. Take A; observe R and S′.
    for (let n = 0; n < config.numEnvs; n++) actions[n] = learner.choose(states[n]);
    learner.step();

    // Q(S, A) ← Q(S, A) + α [R + γ Σ π(a|S′) Q(S′, a) − Q(S, A)];  S ← S′.
    for (let n = 0; n < config.numEnvs; n++) {
      learner.learn(Q, n, learner.expectation(successors[n]));
      learner.advance(n);
    }
    if (learner.isReportDue()) yield learner.report();
  }
}
