/** One thing that an action may lead to. */
export interface TransitionOutcome {
  readonly probability: number;
  /** The state that follows. */
  readonly next: number;
  readonly reward: number;
  readonly terminated: boolean;
}

/** The laws of a task with finitely many states and actions: Gymnasium's `P`, and where episodes begin. */
export interface TransitionTable {
  /** P[state][action] lists all that may follow. */
  readonly P: readonly (readonly (readonly TransitionOutcome[])[])[];
  /** Chance of each state to be the first, [states]. */
  readonly start: readonly number[];
}

/** The same laws in flat arrays, to draw from and to sweep over. The start is one more row, the last. */
export interface FlatTable {
  readonly states: number;
  readonly actions: number;
  /** What may follow action a in state s lies from rows[s·A + a] on, and before rows[s·A + a + 1], [S·A + 2]. */
  readonly rows: Int32Array;
  readonly probabilities: Float64Array;
  readonly next: Int32Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
}

/** Chances that sum to 1 but for their last places. */
const tolerance = 1e-9;

/** Lists the outcomes of each action in each state; a row that is given as one outcome is certain. */
export function tabulate(
  states: number,
  actions: number,
  follow: (state: number, action: number) => readonly TransitionOutcome[],
): TransitionOutcome[][][] {
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
  return upTo(states).map((state) => upTo(actions).map((action) => [...follow(state, action)]));
}

/** Every state that `isStart` names, equally likely. */
export function uniformStart(states: number, isStart: (state: number) => boolean): number[] {
  const chosen = Array.from({ length: states }, (_, state) => isStart(state));
  const count = chosen.filter(Boolean).length;
  return chosen.map((is) => (is ? 1 / count : 0));
}

/** Checks a table and lays it flat, without what has no chance. `who` is named in errors. */
export function flatTable(who: string, { P, start }: TransitionTable): FlatTable {
  const states = P.length;
  const actions = P[0]?.length ?? 0;
  if (actions === 0) throw new RangeError(`${who}: P must hold a state with an action, got ${states} states.`);
  const ragged = P.findIndex((row) => row.length !== actions);
  if (ragged >= 0) {
    throw new RangeError(`${who}: P[${ragged}] must hold ${actions} actions like P[0], got ${P[ragged].length}.`);
  }
  if (start.length !== states) {
    throw new RangeError(`${who}: start must hold ${states} chances, one a state, got ${start.length}.`);
  }
  const first = start.map((probability, next) => ({ probability, next, reward: 0, terminated: false }));
  const rows = [...P.flat(), first].map((outcomes, row) => {
    const name = row < states * actions ? `P[${Math.floor(row / actions)}][${row % actions}]` : "start";
    return checkedRow(who, name, outcomes, states);
  });
  const outcomes = rows.flat();
  const ends = Int32Array.from({ length: rows.length + 1 }, () => 0);
  rows.forEach((row, i) => {
    ends[i + 1] = ends[i] + row.length;
  });
  return {
    states,
    actions,
    rows: ends,
    probabilities: Float64Array.from(outcomes, ({ probability }) => probability),
    next: Int32Array.from(outcomes, ({ next }) => next),
    rewards: Float64Array.from(outcomes, ({ reward }) => reward),
    terminated: Uint8Array.from(outcomes, ({ terminated }) => Number(terminated)),
  };
}

function checkedRow(
  who: string,
  name: string,
  outcomes: readonly TransitionOutcome[],
  states: number,
): TransitionOutcome[] {
  let sum = 0;
  for (const { probability, next, reward } of outcomes) {
    if (!(probability >= 0)) throw new RangeError(`${who}: chances in ${name} must be 0 or more, got ${probability}.`);
    if (!Number.isInteger(next) || next < 0 || next >= states) {
      throw new RangeError(`${who}: ${name} must lead to a state from 0 to ${states - 1}, got ${next}.`);
    }
    if (!Number.isFinite(reward)) throw new RangeError(`${who}: rewards in ${name} must be finite, got ${reward}.`);
    sum += probability;
  }
  if (Math.abs(sum - 1) > tolerance) throw new RangeError(`${who}: chances in ${name} must sum to 1, got ${sum}.`);
  return outcomes.filter(({ probability }) => probability > 0);
}
