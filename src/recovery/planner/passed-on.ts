/** Errors that came out of a recovered step. */
const passedOn = new WeakSet<object>();

/** Marks an error on its way out, and returns it. */
export function passOn(error: unknown): unknown {
  if (isObject(error)) passedOn.add(error);
  return error;
}

/**
 * Whether an error, or what caused it, came out of another recovered step. Whoever lets it through did who knows what before,
 * and it is the last of several errors: that its call had no effect says nothing of the others.
 */
export function wasPassedOn(error: unknown): boolean {
  for (let [link, depth] = [error, 0]; isObject(link) && depth < 10; link = link.cause, depth++) {
    if (passedOn.has(link)) return true;
  }
  return false;
}

function isObject(value: unknown): value is { readonly cause?: unknown } {
  return typeof value === "object" && value !== null;
}
