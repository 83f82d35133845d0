import { algorithms } from "../algorithm/registry.ts";
import type { Command, Flag } from "./command.ts";
import { findAlgorithm } from "./find-algorithm.ts";
import { optionDocumentation } from "./generated/option-documentation.ts";
import type { Style } from "./terminal/style.ts";
import { table } from "./terminal/table.ts";

/** What `belay` is and can do. */
export function overview(commands: readonly Command[], version: string, { bold, dim, accent }: Style): string {
  const rows = commands.map((command) => [`  ${accent(synopsis(command))}`, command.summary]);
  return [
    `${bold("belay")} ${version}  ${dim("policy-gradient reinforcement learning")}`,
    "",
    table(rows, Infinity),
    "",
    `  ${accent("belay <command> --help")}  tells the flags; ${accent("belay train <algorithm> --help")}  every option`,
    "",
    `  ${dim("To begin:")} belay train ppo CartPole-v1`,
    "",
  ].join("\n");
}

/** A command's flags, and what else there is to know of it. */
export function commandHelp(command: Command, operands: readonly string[], { bold, accent }: Style): string {
  const flags = Object.entries(command.flags).map(([name, flag]) => [
    `  ${accent(shownFlag(name, flag))}`,
    flag.meaning,
  ]);
  const details = command.details?.(operands);
  return [
    bold(`belay ${synopsis(command)}${flags.length > 0 ? " [flags]" : ""}`),
    `  ${command.summary}`,
    "",
    ...(flags.length > 0 ? [table(flags, Infinity), ""] : []),
    ...(details ? [details, ""] : []),
  ].join("\n");
}

/** The options of an algorithm, its own first; without one, where to find them. */
export function optionHelp(algorithm: string | undefined): string {
  if (algorithm === undefined) {
    return `Algorithms: ${Object.keys(algorithms).join(", ")}. Options of one: belay train <algorithm> --help.`;
  }
  const { name, title, defaults, presets } = findAlgorithm(algorithm);
  const rows = Object.entries(optionDocumentation[name]).map(([option, { type, documentation }]) => [
    `  --set ${option}=${shownValue(defaults[option])}`,
    type,
    documentation,
  ]);
  const tuned = Object.keys(presets).join(", ") || "no environment";
  return `${title}. Tuned for ${tuned}.\nOptions, with their defaults:\n${table(rows, Infinity)}`;
}

function synopsis({ name, operands }: Command): string {
  const shown = operands.map((operand) => {
    const place = `<${operand.name}>${operand.many ? "..." : ""}`;
    return operand.optional ? `[${place}]` : place;
  });
  return [name, ...shown].join(" ");
}

function shownFlag(name: string, { value, many }: Flag): string {
  return `--${name}${value ? ` ${value}` : ""}${many ? " ..." : ""}`;
}

function shownValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "number" && value > 0 && value < 1e-3
    ? value.toExponential().replace(".0e", "e")
    : String(value);
}
