import { isRecord, told } from "./condition.ts";
import { type Runbook, type RunbookRules, runbook } from "./runbook.ts";

const FORMAT = 1;

/** A runbook as JSON, which `parseRunbook` reads. */
export function runbookToJson({ rules }: Pick<Runbook, "rules">): string {
  return `${JSON.stringify({ "belay-runbook": FORMAT, rules }, null, 2)}\n`;
}

/** Reads what `runbookToJson` wrote, or a person: `{ "belay-runbook": 1, "rules": [...] }`. */
export function parseRunbook(text: string): Runbook {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`parseRunbook: this is not JSON: ${(error as Error).message}`);
  }
  return runbookFrom(read);
}

/** A runbook from what a file held, once parsed. `rules` may be lists by class of error, too. */
export function runbookFrom(read: unknown): Runbook {
  if (!isRecord(read)) throw new TypeError(`parseRunbook: a runbook is an object, got ${told(read)}.`);
  const { "belay-runbook": format, rules, ...others } = read;
  if (format !== FORMAT) {
    throw new TypeError(
      `parseRunbook: "belay-runbook" must be ${FORMAT}, the format of this version, got ${told(format)}.`,
    );
  }
  const strange = Object.keys(others);
  if (strange.length > 0) {
    throw new TypeError(`parseRunbook: unknown part "${strange[0]}"; a runbook has "belay-runbook" and "rules".`);
  }
  return runbook(
    Array.isArray(rules) ? { rules: rules as RunbookRules["rules"] } : (rules as Record<string, string[]>),
  );
}
