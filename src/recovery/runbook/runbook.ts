import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Choice } from "../action/action.ts";
import type { Failure } from "../failure.ts";
import type { FeatureValue } from "../record/decision-record.ts";
import { type Condition, checkCondition, conditionOf, holds, isRecord, type Question, told } from "./condition.ts";

/** A static policy that people write: default, fallback and reference of the learned one. */
export interface Runbook {
  /** sha256 of its rules. */
  readonly hash: string;
  /** The first whose condition holds is followed. */
  readonly rules: readonly RunbookRule[];
  /**
   * Index of the choice to take: of the rule's list the first that is not yet tried in this episode and that the mask
   * allows; escalation, which is always allowed, where the list is used up or no rule's condition holds.
   */
  choose(
    failure: Failure,
    choices: readonly Choice[],
    mask: Uint8Array,
    features?: Readonly<Record<string, FeatureValue>>,
  ): number;
}

/** What to do, in order, where a condition holds. */
export interface RunbookRule {
  /** Absent or empty, it always holds. */
  readonly when?: Condition;
  /** Names of choices. One that stands twice may be taken twice. */
  readonly do: readonly string[];
  /** For the reader; no part of the hash. */
  readonly note?: string;
}

/** Lists by class of error: "5xx|timeout" is two classes, in any case, and "*" all that are not named. */
export type RunbookTable = Readonly<Record<string, readonly string[]>>;

export interface RunbookRules {
  readonly rules: readonly RunbookRule[];
}

/** A runbook from lists by class, or from rules. Throws where it says what cannot be meant. */
export function runbook(source: RunbookTable | RunbookRules): Runbook {
  if (!isRecord(source)) refuse(`must be lists by class of error, or { rules }, got ${told(source)}`);
  const written = Object.hasOwn(source, "rules") ? source["rules"] : rulesOf(source);
  if (!Array.isArray(written)) refuse(`"rules" must be a list of { when, do }, got ${told(written)}`);
  const checked = written.map(checkRule);
  const always = checked.findIndex(({ questions }) => questions.length === 0);
  if (always >= 0 && always < checked.length - 1) {
    refuse(`rule ${always + 1} always holds, so that rule ${always + 2} is never reached: put it last`);
  }
  const rules = checked.map(({ questions, list, note }) => ({
    ...(questions.length > 0 && { when: conditionOf(questions) }),
    do: list,
    ...(note !== undefined && { note }),
  }));

  return {
    hash: bytesToHex(sha256(utf8ToBytes(JSON.stringify(rules.map(({ note: _, ...rule }) => rule))))),
    rules,
    choose(failure, choices, mask, features) {
      for (const { questions, list } of checked) {
        if (holds(questions, failure, features)) return firstUntried(list, failure, choices, mask);
      }
      return escalating(choices);
    },
  };
}

function firstUntried(
  list: readonly string[],
  { history }: Failure,
  choices: readonly Choice[],
  mask: Uint8Array,
): number {
  for (let i = 0; i < list.length; i++) {
    let turns = 1; // this is the list's nth entry of its name: it is used up once the name was taken n times
    for (let j = 0; j < i; j++) if (list[j] === list[i]) turns++;
    for (const { choice } of history) if (choice === list[i]) turns--;
    if (turns <= 0) continue;
    for (const { index, name } of choices) if (name === list[i] && mask[index] !== 0) return index;
  }
  return escalating(choices);
}

function escalating(choices: readonly Choice[]): number {
  for (const { index, action } of choices) if (action.kind === "escalate") return index;
  return choices.length - 1;
}

/** Lists by class as rules; "*" last, wherever it stood. */
function rulesOf(table: Record<string, unknown>): RunbookRule[] {
  const named = new Map<string, string>();
  const rules: RunbookRule[] = [];
  const rest: RunbookRule[] = [];
  for (const [pattern, list] of Object.entries(table)) {
    const rule = { do: list as readonly string[] };
    if (pattern.trim() === "*") {
      rest.push(rule);
      continue;
    }
    for (const word of pattern.split("|").map((part) => part.trim().toUpperCase())) {
      if (named.has(word)) refuse(`"${pattern}" and "${named.get(word)}" both name the class ${word}`);
      named.set(word, pattern);
    }
    rules.push({ when: { class: pattern }, ...rule });
  }
  return [...rules, ...rest];
}

interface CheckedRule {
  readonly questions: readonly Question[];
  readonly list: readonly string[];
  readonly note: string | undefined;
}

function checkRule(rule: unknown, place: number): CheckedRule {
  const complain = (complaint: string): never => refuse(`rule ${place + 1}: ${complaint}`);
  if (!isRecord(rule)) return complain(`must be { when, do }, got ${told(rule)}`);
  const strange = Object.keys(rule).find((name) => !["when", "do", "note"].includes(name));
  if (strange !== undefined) complain(`has a part "${strange}"; a rule is { when, do, note }`);
  const list = rule["do"];
  if (!Array.isArray(list) || list.some((name) => typeof name !== "string" || name === "")) {
    return complain(`"do" must be a list of names of choices such as "retry:1000", got ${told(list)}`);
  }
  const note = rule["note"];
  if (note !== undefined && typeof note !== "string") return complain(`"note" must be a text, got ${told(note)}`);
  return { questions: checkCondition(rule["when"] ?? {}, complain), list: [...list], note };
}

function refuse(complaint: string): never {
  throw new TypeError(`runbook: ${complaint}.`);
}
