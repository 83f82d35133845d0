/** "Did you mean …? " where a name is near, else "". */
export function didYouMean(typed: string, names: readonly string[]): string {
  const near = names.filter((name) => isNear(bare(typed), bare(name))).slice(0, 3);
  return near.length > 0 ? `Did you mean ${near.join(" or ")}? ` : "";
}

function isNear(typed: string, name: string): boolean {
  if (typed.length >= 4 && (name.startsWith(typed) || typed.startsWith(name))) return true;
  return editDistance(typed, name) <= Math.min(2, name.length / 3);
}

/** Letters and figures alone, without an environment's version. */
function bare(name: string): string {
  return name
    .toLowerCase()
    .replace(/-v\d+$/, "")
    .replace(/[^a-z0-9]/g, "");
}

/** Levenshtein's, and a swap of neighbours counts as one. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1] ? before[j - 2] + 1 : Infinity;
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, replaced, swapped);
    }
    before = row;
    row = next;
  }
  return row[to.length];
}
