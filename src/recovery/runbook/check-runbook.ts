import { didYouMean } from "../../env/near-name.ts";
import type { Choice } from "../action/action.ts";
import { ruleName } from "./rule-name.ts";
import type { Runbook, RunbookRule } from "./runbook.ts";

/** Throws where a runbook takes a choice that the planner has not, or asks of a feature that is not declared. */
export function checkRunbook(
  { rules }: Pick<Runbook, "rules">,
  choices: readonly Choice[],
  features?: readonly string[],
): void {
  rules.forEach((rule, place) => {
    for (const name of rule.do) {
      if (!choices.some((choice) => choice.name === name)) refuse(rule, place, `takes "${name}"`, name, choices);
    }
    for (const name of Object.keys(rule.when?.features ?? {})) {
      if (features && !features.includes(name)) {
        const known = `${didYouMean(name, features)}Features are: ${features.join(", ")}.`;
        throw new RangeError(`runbook: rule ${place + 1} (${ruleName(rule)}) asks of the feature "${name}". ${known}`);
      }
    }
  });
}

function refuse(rule: RunbookRule, place: number, complaint: string, name: string, choices: readonly Choice[]): never {
  const names = choices.map((choice) => choice.name);
  const parameters = choices.filter(({ key }) => key === name).map((choice) => choice.name);
  const near = parameters.length > 0 ? `Say which: ${parameters.join(" or ")}. ` : didYouMean(name, names);
  throw new RangeError(
    `runbook: rule ${place + 1} (${ruleName(rule)}) ${complaint}. ${near}Choices are: ${names.join(", ")}.`,
  );
}
