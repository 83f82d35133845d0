import type { Runbook, RunbookRule } from "./runbook.ts";

/** Longer lines are broken, a condition to each. */
const WIDTH = 110;

/** A runbook as YAML, for people to read, change and merge. `comment` stands at its head, `note` above each rule. */
export function runbookToYaml({ rules }: Pick<Runbook, "rules">, comment = ""): string {
  const body = rules.length === 0 ? "rules: []\n" : `rules:\n${rules.map(ruleLines).join("")}`;
  return `${commented(comment, "")}belay-runbook: 1\n${body}`;
}

function ruleLines({ when, do: list, note = "" }: RunbookRule): string {
  const taken = `do: ${flow(list)}\n`;
  const head = commented(note, "  ");
  if (!when) return `${head}  - ${taken}`;
  const line = `  - when: ${flow(when)}\n`;
  if (line.length <= WIDTH) return `${head}${line}    ${taken}`;
  const conditions = Object.entries(when).map(([name, asked]) => `      ${scalar(name)}: ${flow(asked)}\n`);
  return `${head}  - when:\n${conditions.join("")}    ${taken}`;
}

function commented(text: string, indent: string): string {
  if (text === "") return "";
  return `${text
    .split(/[\r\n\u0085\u2028\u2029]+/)
    .map((line) => `${indent}# ${line}`.trimEnd())
    .join("\n")}\n`;
}

/** On one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, inner]) => `${scalar(name)}: ${flow(inner)}`)
      .join(", ")} }`;
  }
  return typeof value === "string" ? scalar(value) : String(value);
}

/** Words as they are; what YAML could take for something else in quotes. */
function scalar(text: string): string {
  const isWord = /^[A-Za-z][\w.-]*(:[\w.-]+)*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isWord ? text : JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, unicodeEscape);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
