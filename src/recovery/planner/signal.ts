/** An AbortSignal, or anything like it. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

interface Controller {
  readonly signal: Signal;
  abort(reason: unknown): void;
}

/** Where a call takes its signal: as an argument, or as `signal` of one. Only a plain object can be given another one. */
export interface SignalPlace {
  readonly signal: Signal;
  readonly index: number;
  readonly nested: boolean;
}

/** The signal that a call was given; null where it was given none. */
export function findSignal(args: readonly unknown[]): SignalPlace | null {
  for (let index = args.length - 1; index >= 0; index--) {
    const value = args[index];
    if (isSignal(value)) return { signal: value, index, nested: false };
    const inner = isObject(value) ? value["signal"] : undefined;
    if (isSignal(inner)) return { signal: inner, index, nested: true };
  }
  return null;
}

/** The arguments with another signal in the place of theirs. */
export function withSignal(args: readonly unknown[], place: SignalPlace | null, signal: Signal): readonly unknown[] {
  if (place === null) return args;
  const owner = args[place.index];
  if (place.nested && !isPlain(owner)) return args; // a Request, say, is more than its properties
  const argument = place.nested ? { ...(owner as object), signal } : signal;
  return args.map((value, i) => (i === place.index ? argument : value));
}

/** A new signal with what aborts it. */
export function createController(): Controller {
  const { AbortController } = globalThis as unknown as { AbortController: new () => Controller };
  return new AbortController();
}

function isSignal(value: unknown): value is Signal {
  return isObject(value) && typeof value["aborted"] === "boolean" && typeof value["addEventListener"] === "function";
}

function isPlain(value: unknown): boolean {
  if (!isObject(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
