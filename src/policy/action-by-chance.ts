import type { Random } from "../math/random.ts";

/** One of n actions, each as likely, of those that this row of the masks, [rows, n], allows. */
export function actionByChance(n: number, masks: Uint8Array | null, row: number, random: Random): number {
  if (!masks) return random.integer(n);
  const offset = row * n;
  let count = 0;
  for (let action = 0; action < n; action++) count += masks[offset + action] === 0 ? 0 : 1;
  let left = random.integer(count);
  for (let action = 0; action < n; action++) {
    if (masks[offset + action] === 0) continue;
    if (left === 0) return action;
    left--;
  }
  return 0; // a mask that forbids everything is refused where it is read
}
