import type { Action, Choice } from "./action.ts";
import { escalate } from "./build.ts";

/** More than a service owner can oversee, and more than a log will ever have support for. */
const MOST = 24;

/** All that a policy can choose, in the order of the actions; what gives up is added where it is missing. */
export function choicesOf(actions: Readonly<Record<string, Action>>): readonly Choice[] {
  const entries = Object.entries(actions);
  if (!entries.some(([, { kind }]) => kind === "escalate")) entries.push(["giveUp", escalate()]);
  const parts = entries.flatMap(([key, action]) => partsOf(key, action));
  if (parts.length > MOST) {
    throw new RangeError(`createPlanner: ${parts.length} choices; the actions may give at most ${MOST}.`);
  }
  return parts.map((part, index) => ({ ...part, index }));
}

function partsOf(key: string, action: Action): Omit<Choice, "index">[] {
  if (/[:|\s]/.test(key) || key === "") {
    throw new TypeError(
      `createPlanner: an action's name must be one word without ":" and "|", got ${JSON.stringify(key)}.`,
    );
  }
  if (action.kind !== "retry") return [{ name: key, key, action, delayMs: 0 }];
  return action.delaysMs.map((delayMs) => ({ name: `${key}:${delayMs}`, key, action, delayMs }));
}

/** The choice that gives up. */
export function escalation(choices: readonly Choice[]): Choice {
  return choices.find(({ action }) => action.kind === "escalate")!; // choicesOf sees to it that there is one
}
