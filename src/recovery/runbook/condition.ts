import { didYouMean } from "../../env/near-name.ts";
import type { BreakerState, Effect, Failure } from "../failure.ts";
import type { FeatureValue } from "../record/decision-record.ts";

export type OneOrMore<T> = T | readonly T[];

/** A number between bounds, themselves included. */
export interface Range {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What a rule asks of a failure. All of it must hold; what is left out is not asked. */
export interface Condition {
  /** Classes, in any case; "5xx|timeout" is two. */
  readonly class?: OneOrMore<string>;
  readonly service?: OneOrMore<string>;
  readonly effect?: OneOrMore<Effect>;
  readonly breaker?: OneOrMore<BreakerState>;
  readonly idempotent?: boolean;
  readonly status?: OneOrMore<number> | Range;
  readonly retryAfterMs?: OneOrMore<number> | Range;
  readonly attempt?: OneOrMore<number> | Range;
  readonly elapsedMs?: Range;
  readonly timeShare?: Range;
  readonly errorRate?: Range;
  readonly budget?: Range;
  readonly tags?: Readonly<Record<string, OneOrMore<string>>>;
  /** What the planner's `features` returns, by name. */
  readonly features?: Readonly<Record<string, OneOrMore<FeatureValue> | Range>>;
}

/** One question of a condition, as it is kept: a value must be among some, or between bounds. */
export interface Question {
  readonly field: string;
  /** Of tags and features: which one. */
  readonly name: string | null;
  readonly among: readonly FeatureValue[] | null;
  readonly atLeast: number;
  readonly atMost: number;
}

type Field = { readonly accepts: "text" | "number" | "flag"; read(failure: Failure): FeatureValue };

const fields: Readonly<Record<string, Field>> = {
  class: { accepts: "text", read: (failure) => failure.class.toUpperCase() },
  service: { accepts: "text", read: (failure) => failure.service },
  effect: { accepts: "text", read: (failure) => failure.effect },
  breaker: { accepts: "text", read: (failure) => failure.breaker.state },
  idempotent: { accepts: "flag", read: (failure) => failure.idempotent },
  status: { accepts: "number", read: (failure) => failure.status },
  retryAfterMs: { accepts: "number", read: (failure) => failure.retryAfterMs },
  attempt: { accepts: "number", read: (failure) => failure.attempt },
  elapsedMs: { accepts: "number", read: (failure) => failure.elapsedMs },
  timeShare: { accepts: "number", read: (failure) => failure.timeShare },
  errorRate: { accepts: "number", read: (failure) => failure.stats.errorRate },
  budget: { accepts: "number", read: (failure) => failure.budget },
};

const names = [...Object.keys(fields), "tags", "features"];

/** Whether all that was asked holds. What is asked of features does not hold where there are none. */
export function holds(
  questions: readonly Question[],
  failure: Failure,
  features: Readonly<Record<string, FeatureValue>> | undefined,
): boolean {
  for (const question of questions) if (!answers(question, read(question, failure, features))) return false;
  return true;
}

function read(
  { field, name }: Question,
  failure: Failure,
  features: Readonly<Record<string, FeatureValue>> | undefined,
): FeatureValue | undefined {
  if (name === null) return fields[field].read(failure);
  return field === "tags" ? failure.tags[name] : features?.[name];
}

function answers({ among, atLeast, atMost }: Question, value: FeatureValue | undefined): boolean {
  if (value === undefined) return false;
  if (among !== null) return among.includes(value);
  return typeof value === "number" && value >= atLeast && value <= atMost;
}

/** A condition as a list of questions, in one order whatever the order they were written in. Complains in words that follow a rule's name. */
export function checkCondition(when: unknown, refuse: (complaint: string) => never): Question[] {
  if (!isRecord(when)) refuse(`"when" must be an object of conditions, got ${told(when)}`);
  for (const name of Object.keys(when)) {
    if (!names.includes(name)) {
      refuse(`asks of "${name}". ${didYouMean(name, names)}A rule may ask of ${names.join(", ")}`);
    }
  }
  return names.flatMap((field) => {
    if (!Object.hasOwn(when, field) || when[field] === undefined) return [];
    if (field !== "tags" && field !== "features") return [question(field, null, when[field], refuse)];
    const group = when[field];
    if (!isRecord(group)) refuse(`"${field}" must be an object of conditions by name, got ${told(group)}`);
    return Object.keys(group)
      .sort()
      .map((name) => question(field, name, group[name], refuse));
  });
}

function question(field: string, name: string | null, asked: unknown, refuse: (complaint: string) => never): Question {
  const place = name === null ? `"${field}"` : `"${field}.${name}"`;
  const accepts = field === "tags" ? "text" : field === "features" ? "anything" : fields[field].accepts;
  if (isRecord(asked)) {
    if (accepts === "text" || accepts === "flag") refuse(`${place} must be ${wanted[accepts]}, got ${told(asked)}`);
    return { field, name, among: null, ...range(place, asked, refuse) };
  }
  const values = [asked].flat().flatMap((value) => (field === "class" ? classesOf(value) : [value]));
  if (values.length === 0) refuse(`${place} must be ${wanted[accepts]}, got an empty list`);
  const among = values.map((value) => {
    if (!isAccepted(value, accepts)) refuse(`${place} must be ${wanted[accepts]}, got ${told(value)}`);
    return value;
  });
  return { field, name, among: [...new Set(among)].sort(byText), atLeast: -Infinity, atMost: Infinity };
}

/** "5xx|timeout" is two; 429 is "429". What is no text at all is returned as it is, to be refused. */
function classesOf(value: unknown): unknown[] {
  if (typeof value !== "string" && typeof value !== "number") return [value];
  return String(value)
    .split("|")
    .map((word) => word.trim().toUpperCase());
}

const wanted = {
  text: "a text or a list of them",
  number: "a number, a list of them, or { atLeast, atMost }",
  flag: "true or false",
  anything: "a value, a list of them, or { atLeast, atMost }",
};

function isAccepted(value: unknown, accepts: keyof typeof wanted): value is FeatureValue {
  switch (accepts) {
    case "text":
      return typeof value === "string" && value.trim() !== "";
    case "number":
      return Number.isFinite(value);
    case "flag":
      return typeof value === "boolean";
    case "anything":
      return value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
    default:
      throw new TypeError(`isAccepted: unknown kind ${accepts satisfies never}.`);
  }
}

function range(
  place: string,
  asked: Record<string, unknown>,
  refuse: (complaint: string) => never,
): { atLeast: number; atMost: number } {
  const { atLeast = -Infinity, atMost = Infinity, ...others } = asked;
  const strange = Object.keys(others);
  if (strange.length > 0) refuse(`${place} has a bound "${strange[0]}"; bounds are atLeast and atMost`);
  if (typeof atLeast !== "number" || typeof atMost !== "number" || !(atLeast <= atMost)) {
    refuse(`${place} must have numbers as bounds, atLeast no greater than atMost, got ${told(asked)}`);
  }
  if (atLeast === -Infinity && atMost === Infinity) refuse(`${place} has no bound: give atLeast, atMost or both`);
  return { atLeast, atMost };
}

/** The condition that these questions ask, as a person would write it. */
export function conditionOf(questions: readonly Question[]): Condition {
  const condition: Record<string, unknown> = {};
  for (const { field, name, among, atLeast, atMost } of questions) {
    const bounds = { ...(atLeast > -Infinity && { atLeast }), ...(atMost < Infinity && { atMost }) };
    const asked = among === null ? bounds : among.length === 1 ? among[0] : among;
    if (name === null) condition[field] = asked;
    else condition[field] = { ...(condition[field] as object), [name]: asked };
  }
  return condition;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function told(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

/** By code unit, whatever the host's language. */
function byText(a: FeatureValue, b: FeatureValue): number {
  const [left, right] = [told(a), told(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
