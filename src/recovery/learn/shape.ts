import type { Definition } from "../definition.ts";

/** What a policy was trained to read and to choose, in words: kept in its file, so that no other planner takes it for its own. */
export interface Shape {
  /** What it reads, in order: "service: one of orders, prices". */
  readonly inputs: readonly string[];
  /** Names of what it chooses among, in order. */
  readonly choices: readonly string[];
}

export function shapeOf({ encoder, choices }: Pick<Definition, "encoder" | "choices">): Shape {
  return {
    inputs: encoder.groups.map(({ name, label }) => `${name}: ${label}`),
    choices: choices.map(({ name }) => name),
  };
}

/** The first difference between the shape that a file tells of and the planner's, as a clause; null where they agree, or the file tells none. */
export function differenceOf(told: unknown, own: Shape): string | null {
  const { inputs, choices } = (told ?? {}) as Partial<Shape>;
  for (const [what, theirs, ours] of [
    ["reads", inputs, own.inputs],
    ["chooses", choices, own.choices],
  ] as const) {
    if (!Array.isArray(theirs)) continue;
    const place = Array.from({ length: Math.max(theirs.length, ours.length) }, (_, i) => i).find(
      (i) => theirs[i] !== ours[i],
    );
    if (place !== undefined)
      return `it ${what} ${theirs[place] ?? "nothing"} in place ${place}, the planner ${ours[place] ?? "nothing"}`;
  }
  return null;
}
