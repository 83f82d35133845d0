import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { environments, make } from "belay-rl";
import { describe, expect, test } from "vitest";
import type { TabularEnv } from "../src/env/tabular-env.ts";
import type { TransitionOutcome } from "../src/env/transition-table.ts";
import { expectClose, fixtureFolder } from "./fixture.ts";

/** Gymnasium's own P. */
interface TableFile {
  readonly states: number;
  readonly actions: number;
  readonly startDistribution: readonly number[];
  /** [probability, next, reward, terminated] */
  readonly P: Readonly<Record<string, Readonly<Record<string, readonly [number, number, number, boolean][]>>>>;
}

/** Chances of equal outcomes added up, by outcome. */
function merged(outcomes: Iterable<Pick<TransitionOutcome, "probability" | "next" | "reward" | "terminated">>) {
  const chances = new Map<string, number>();
  for (const { probability, next, reward, terminated } of outcomes) {
    if (probability === 0) continue;
    const key = `${next} ${reward} ${terminated}`;
    chances.set(key, (chances.get(key) ?? 0) + probability);
  }
  return [...chances].sort(([a], [b]) => (a < b ? -1 : 1));
}

const tables = environments().flatMap(({ id }) => {
  const path = join(fixtureFolder, "gymnasium", `${id}.table.json`);
  return existsSync(path) ? [{ id, path }] : [];
});

describe.skipIf(tables.length === 0)("gymnasium/*.table.json", () => {
  test.each(tables)("$id follows Gymnasium's P in every state and action, and begins where it does", ({ id, path }) => {
    const file: TableFile = JSON.parse(readFileSync(path, "utf8"));
    const env = make(id) as unknown as TabularEnv;
    expect([env.table.P.length, env.table.P[0].length]).toEqual([file.states, file.actions]);
    expectClose(env.table.start, file.startDistribution, "start");
    for (let state = 0; state < file.states; state++) {
      for (let action = 0; action < file.actions; action++) {
        const expected = file.P[state][action].map(([probability, next, reward, terminated]) => ({
          probability,
          next,
          reward,
          terminated,
        }));
        const [ours, theirs] = [merged(env.table.P[state][action]), merged(expected)];
        expect(
          ours.map(([key]) => key),
          `P[${state}][${action}]`,
        ).toEqual(theirs.map(([key]) => key));
        expectClose(
          ours.map(([, p]) => p),
          theirs.map(([, p]) => p),
          `P[${state}][${action}]`,
          { relative: 1e-12, absolute: 1e-12 },
        );
      }
    }
  });
});
