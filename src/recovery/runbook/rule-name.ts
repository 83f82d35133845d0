import { isRecord } from "./condition.ts";
import type { RunbookRule } from "./runbook.ts";

/** A rule's condition in a line: "class 5XX or TIMEOUT, tags.freshness critical, attempt at most 3". */
export function ruleName({ when = {} }: RunbookRule): string {
  const asked = Object.entries(when).flatMap(([field, value]) =>
    field === "tags" || field === "features"
      ? Object.entries(value as object).map(([name, inner]) => `${field}.${name} ${words(inner)}`)
      : [`${field} ${words(value)}`],
  );
  return asked.join(", ") || "everything else";
}

function words(asked: unknown): string {
  if (Array.isArray(asked)) return asked.join(" or ");
  if (!isRecord(asked)) return String(asked);
  const { atLeast, atMost } = asked;
  return [atLeast !== undefined && `at least ${atLeast}`, atMost !== undefined && `at most ${atMost}`]
    .filter(Boolean)
    .join(" and ");
}
