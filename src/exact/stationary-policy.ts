/** π(a|s) of a policy that does not change with time, [states, actions]. */
export interface StationaryPolicy {
  readonly states: number;
  readonly actions: number;
  readonly chances: Float64Array;
}

/** Always the action listed for a state. */
export function deterministicPolicy(choices: ArrayLike<number>, actions: number): StationaryPolicy {
  return epsilonGreedyPolicy(choices, actions, 0);
}

/** The action listed, but with chance ε any of them, each as likely. */
export function epsilonGreedyPolicy(choices: ArrayLike<number>, actions: number, epsilon: number): StationaryPolicy {
  if (!(epsilon >= 0 && epsilon <= 1)) {
    throw new RangeError(`epsilonGreedyPolicy: epsilon must lie in [0, 1], got ${epsilon}.`);
  }
  const states = choices.length;
  const chances = new Float64Array(states * actions).fill(epsilon / actions);
  for (let state = 0; state < states; state++) {
    const choice = choices[state];
    if (!Number.isInteger(choice) || choice < 0 || choice >= actions) {
      throw new RangeError(
        `epsilonGreedyPolicy: the choice in state ${state} must be an integer from 0 to ${actions - 1}, got ${choice}.`,
      );
    }
    chances[state * actions + choice] += 1 - epsilon;
  }
  return { states, actions, chances };
}

/** For each state the action of the largest value, [states, actions]; of equals the first, where equal means within 1e-10. */
export function greedyChoices(actionValues: Float64Array, actions: number): Int32Array {
  const choices = new Int32Array(actionValues.length / actions);
  for (let state = 0; state < choices.length; state++) {
    let best = 0;
    for (let action = 1; action < actions; action++) {
      const gain = actionValues[state * actions + action] - actionValues[state * actions + best];
      if (gain > 1e-10) best = action;
    }
    choices[state] = best;
  }
  return choices;
}
