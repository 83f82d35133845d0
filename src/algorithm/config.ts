/** What a value must satisfy, in words that complete "x …", or null where it does. */
export type Rule = (value: unknown) => string | null;

const numeric =
  (test: (value: number) => boolean, complaint: string): Rule =>
  (value) =>
    typeof value === "number" && test(value) ? null : complaint;

export const positive = numeric((value) => value > 0 && value < Infinity, "must be a positive number");
export const nonNegative = numeric((value) => value >= 0 && value < Infinity, "must be a number of at least 0");
export const finite = numeric(Number.isFinite, "must be a finite number");
export const unitInterval = numeric((value) => value >= 0 && value <= 1, "must lie in [0, 1]");
export const positiveShare = numeric((value) => value > 0 && value <= 1, "must lie in (0, 1]");
export const shareBelowOne = numeric((value) => value >= 0 && value < 1, "must lie in [0, 1)");
export const positiveInteger = numeric(
  (value) => Number.isSafeInteger(value) && value > 0,
  "must be a positive integer",
);
export const integerOfAtLeast = (least: number): Rule =>
  numeric((value) => Number.isSafeInteger(value) && value >= least, `must be an integer of at least ${least}`);

export const naturalNumber = integerOfAtLeast(0);

export const flag: Rule = (value) => (typeof value === "boolean" ? null : "must be true or false");

export const widths: Rule = (value) =>
  Array.isArray(value) && value.every((width) => Number.isSafeInteger(width) && width > 0)
    ? null
    : "must be a list of positive integers";

export const oneOf =
  (...names: readonly string[]): Rule =>
  (value) =>
    typeof value === "string" && names.includes(value) ? null : `must be one of ${names.join(", ")}`;

/** A rule for every option: none goes unchecked. */
export type Rules<Config> = { readonly [Name in keyof Config]: Rule };

/** Fills `options` from `defaults`. Throws on unknown names and on values that a rule rejects. */
export function resolveConfig<Config extends object>(
  algorithm: string,
  defaults: Config,
  options: Partial<Config>,
  rules: Rules<Config>,
): Readonly<Config> {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new TypeError(
        `${algorithm}: unknown option "${name}". Options are: ${Object.keys(defaults).sort().join(", ")}.`,
      );
    }
  }
  const config = { ...defaults, ...options };
  for (const name of Object.keys(rules) as (keyof Config & string)[]) {
    const complaint = rules[name](config[name]);
    if (complaint) throw new RangeError(`${algorithm}: ${name} ${complaint}, got ${JSON.stringify(config[name])}.`);
  }
  return Object.freeze(config);
}
