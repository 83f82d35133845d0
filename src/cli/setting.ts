import { didYouMean } from "../env/near-name.ts";
import { UsageError } from "./usage-error.ts";

type Options = Readonly<Record<string, unknown>>;

/** Reads each `name=value` by the type of the option's default. A name set twice takes the last. */
export function readSettings(algorithm: string, defaults: Options, settings: readonly string[]): Options {
  return Object.fromEntries(settings.map((setting) => readSetting(algorithm, defaults, setting)));
}

function readSetting(algorithm: string, defaults: Options, setting: string): [name: string, value: unknown] {
  const equals = setting.indexOf("=");
  if (equals < 1) throw new UsageError(`--set takes name=value, got "${setting}".`);
  const [name, text] = [setting.slice(0, equals), setting.slice(equals + 1)];
  if (!Object.hasOwn(defaults, name)) {
    const names = Object.keys(defaults).sort();
    const near = didYouMean(name, names);
    throw new UsageError(`${algorithm} has no option "${name}". ${near}Options are: ${names.join(", ")}.`);
  }
  return [name, readValue(name, defaults[name], text)];
}

function readValue(name: string, like: unknown, text: string): unknown {
  const refuse = (wanted: string) => new UsageError(`--set ${name} must be ${wanted}, got "${text}".`);
  if (typeof like === "string") return text;
  if (typeof like === "boolean") {
    if (text === "true" || text === "false") return text === "true";
    throw refuse("true or false");
  }
  if (Array.isArray(like)) {
    const numbers = text === "" ? [] : text.split(",").map(readNumber);
    if (numbers.every((number) => number !== null)) return numbers;
    throw refuse(`numbers with commas between, such as ${like.join(",")}`);
  }
  const number = readNumber(text);
  if (number !== null) return number;
  throw refuse(`a number, such as ${like}`);
}

/** As written in JavaScript, 1e-3 and 1_000 included. */
function readNumber(text: string): number | null {
  if (!/^[-+]?(\d[\d_]*)?\.?\d[\d_]*(e[-+]?\d+)?$/i.test(text.trim())) return null;
  return Number(text.replaceAll("_", ""));
}
