/** A value in a few words, for a message. */
export function describeValue(value: unknown): string {
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const { name } = value.constructor;
    return `${/^[AI]/.test(name) ? "an" : "a"} ${name} of ${(value as ArrayLike<unknown>).length}`;
  }
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  return `an object with ${Object.keys(value).join(", ") || "nothing"}`;
}
