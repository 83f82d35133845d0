import { didYouMean } from "../../env/near-name.ts";
import type { Choice } from "../action/action.ts";
import { ruleName } from "./rule-name.ts";
import type { Runbook } from "./runbook.ts";

/** What a planner knows, where a runbook is to be held against it. */
export interface KnownNames {
  readonly classes?: readonly string[];
  readonly features?: readonly string[];
}

/** Throws where a runbook takes a choice that the planner has not, or asks of what it never sees. */
export function checkRunbook(
  { rules }: Pick<Runbook, "rules">,
  choices: readonly Choice[],
  { classes, features }: KnownNames = {},
): void {
  const words = classes?.map((word) => word.toUpperCase());
  rules.forEach((rule, place) => {
    const label = `runbook: rule ${place + 1} (${ruleName(rule)})`;
    const asked = [rule.when?.class ?? []].flat();
    for (const name of rule.do) requireChoice(label, name, choices);
    for (const name of asked) if (words) requireName(`${label} asks of the class`, name, "Classes", words);
    for (const name of Object.keys(rule.when?.features ?? {})) {
      if (features) requireName(`${label} asks of the feature`, name, "Features", features);
    }
  });
}

function requireChoice(label: string, name: string, choices: readonly Choice[]): void {
  const parameters = choices.filter(({ key }) => key === name).map((choice) => choice.name);
  const names = choices.map((choice) => choice.name);
  if (parameters.length > 0 && !names.includes(name)) {
    throw new RangeError(`${label} takes ${name}. Say which: ${parameters.join(" or ")}.`);
  }
  requireName(`${label} takes`, name, "Choices", names);
}

function requireName(label: string, name: string, kind: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new RangeError(`${label} ${name}. ${didYouMean(name, names)}${kind} are: ${names.join(", ")}.`);
}
