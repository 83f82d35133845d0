import type { Decider, DecisionRecord, Mode } from "./decision-record.ts";

/** A line of a decision log. Throws on one that is torn, of another kind, or not whole. */
export function parseRecord(line: string): DecisionRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new SyntaxError(`parseRecord: a line must be whole JSON, got ${excerpt(line)}.`);
  }
  if (!isObject(value)) throw new TypeError(`parseRecord: a line must be an object, got ${excerpt(line)}.`);
  for (const [name, { accepts, wanted }] of Object.entries(fields)) {
    if (!accepts(value[name])) {
      throw new TypeError(`parseRecord: ${name} must be ${wanted}, got ${excerpt(JSON.stringify(value[name]))}.`);
    }
  }
  requireFit(value as unknown as DecisionRecord);
  return value as unknown as DecisionRecord;
}

/** What one field may hold, and how to say so. */
interface Rule {
  readonly accepts: (value: unknown) => boolean;
  readonly wanted: string;
}

const text: Rule = { accepts: (value) => typeof value === "string", wanted: "a string" };
const number: Rule = { accepts: Number.isFinite, wanted: "a number" };
const boolean: Rule = { accepts: (value) => typeof value === "boolean", wanted: "true or false" };
const chance: Rule = { accepts: isChance, wanted: "a number in [0, 1]" };
const chances = listOf(isChance, "numbers in [0, 1]");

const modes: readonly Mode[] = ["observe", "shadow", "suggest", "canary", "on"];
const deciders: readonly Decider[] = ["policy", "exploration", "baseline", "fallback"];

/** The table checks itself against the type: a field that is added there must be added here. */
const fields: Readonly<Record<keyof DecisionRecord, Rule>> = {
  facts: orNothing({ accepts: areFacts, wanted: "the step's and the failure's facts" }),
  kind: oneOf(["decision"]),
  planner: text,
  time: number,
  traceId: orNull(text),
  service: text,
  episode: text,
  step: { accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 0, wanted: "a count" },
  mode: oneOf(modes),
  arm: oneOf(["policy", "baseline"]),
  policyHash: orNull(text),
  class: text,
  features: {
    accepts: (value) => isObject(value) && Object.values(value).every(isFeature),
    wanted: "an object of plain values",
  },
  history: listOf(isAttempted, "attempts"),
  choices: listOf((value) => typeof value === "string", "strings"),
  mask: listOf((value) => value === 0 || value === 1, "0 and 1"),
  policyProbabilities: orNull(chances),
  probabilities: chances,
  draw: chance,
  action: text,
  propensity: chance,
  baseline: text,
  decider: oneOf(deciders),
  cause: orNull(text),
  inferenceMs: number,
  outcome: text,
  durationMs: number,
  reward: { accepts: isReward, wanted: "its parts, each a number" },
  terminal: boolean,
};

/** Masks and probabilities are told per choice. */
function requireFit({ choices, mask, policyProbabilities, probabilities, action }: DecisionRecord): void {
  for (const [name, list] of Object.entries({ mask, policyProbabilities, probabilities })) {
    if (list === null || list.length === choices.length) continue;
    throw new RangeError(
      `parseRecord: ${name} must have an entry for each of ${choices.length} choices, got ${list.length}.`,
    );
  }
  if (!choices.includes(action)) {
    throw new RangeError(`parseRecord: action must be one of ${choices.join(", ")}, got ${excerpt(action)}.`);
  }
}

function oneOf(values: readonly string[]): Rule {
  return {
    accepts: (value) => values.includes(value as string),
    wanted: values.map((value) => JSON.stringify(value)).join(" or "),
  };
}

function orNull({ accepts, wanted }: Rule): Rule {
  return { accepts: (value) => value === null || accepts(value), wanted: `${wanted} or null` };
}

/** Of what older versions did not write. */
function orNothing({ accepts, wanted }: Rule): Rule {
  return { accepts: (value) => value === undefined || accepts(value), wanted };
}

function listOf(accepts: (value: unknown) => boolean, wanted: string): Rule {
  return { accepts: (value) => Array.isArray(value) && value.every(accepts), wanted: `a list of ${wanted}` };
}

function isChance(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}

function isFeature(value: unknown): boolean {
  return value === null || ["number", "string", "boolean"].includes(typeof value);
}

function isAttempted(value: unknown): boolean {
  return (
    isObject(value) &&
    ["choice", "class", "outcome"].every((name) => typeof value[name] === "string") &&
    Number.isFinite(value["durationMs"])
  );
}

function areFacts(value: unknown): boolean {
  if (!isObject(value) || !isObject(value["tags"])) return false;
  const { idempotent, tags, status, retryAfterMs, effect } = value;
  return (
    typeof idempotent === "boolean" &&
    Object.values(tags as object).every((tag) => typeof tag === "string") &&
    [status, retryAfterMs].every((number) => number === null || Number.isFinite(number)) &&
    (effect === "none" || effect === "unknown")
  );
}

const rewardParts = ["success", "seconds", "calls", "cost", "unhealthy", "escalate", "deadline"];

function isReward(value: unknown): boolean {
  return isObject(value) && rewardParts.every((part) => Number.isFinite(value[part]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function excerpt(text: string | undefined): string {
  if (text === undefined) return "nothing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
