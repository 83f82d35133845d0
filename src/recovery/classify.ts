import type { Effect, Symptom } from "./failure.ts";

/** The words that `classify` gives. */
export const failureClasses = [
  "TIMEOUT",
  "NETWORK",
  "5XX",
  "429",
  "4XX",
  "NODATA",
  "BADDATA",
  "BREAKER",
  "OTHER",
] as const;

/** What errors of HTTP clients, of Node and of SDKs have on them; any of it may be missing. */
interface ErrorLike {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly status?: unknown;
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly response?: ErrorLike;
  readonly cause?: unknown;
  readonly retryAfterMs?: unknown;
  readonly isBrokenCircuitError?: unknown;
  readonly isBulkheadRejectedError?: unknown;
  readonly isTaskCancelledError?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
  readonly $response?: ErrorLike;
}

const timeouts =
  /^(ETIMEDOUT|ESOCKETTIMEDOUT|ECONNABORTED|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|ABORT_ERR|TimeoutError|AbortError)$/;
const noConnection = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
const broken = /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE|NetworkError)$/;
const noData = /^(ENOENT|ENODATA|NotFound|NotFoundError|NoDataError|NoSuchKey)$/;

/** No call was made: by our breaker, by opossum's, by either limit on calls at once. Cockatiel's errors say it by a property. */
const keptBack = /^(BreakerOpenError|EOPENBREAKER|ESEMLOCKED)$/;

/** What an error shows: of fetch and undici, axios, Node's sockets, AWS's SDK, cockatiel and opossum, or with `status` and `code` of its own. `wallMs` is the time of day, for a Retry-After that is a date. */
export function classify(error: unknown, wallMs: number): Symptom {
  const links = chainOf(error);
  const status = firstOf(links, statusOf);
  const words = links.flatMap(wordsOf).filter((word) => typeof word === "string");
  return {
    class: classOf(status, words),
    status,
    retryAfterMs: firstOf(links, (link) => retryAfterOf(link, wallMs)),
    effect: effectOf(words),
  };
}

function classOf(status: number | null, words: readonly string[]): string {
  if (status === 408 || status === 504) return "TIMEOUT";
  if (status === 429) return "429";
  if (status === 404 || status === 410) return "NODATA";
  if (status !== null && status >= 500) return "5XX";
  if (status !== null && status >= 400) return "4XX";
  if (words.some((word) => timeouts.test(word))) return "TIMEOUT";
  if (words.some((word) => noConnection.test(word) || broken.test(word))) return "NETWORK";
  if (words.some((word) => noData.test(word))) return "NODATA";
  if (words.includes("SyntaxError")) return "BADDATA";
  return words.some((word) => keptBack.test(word)) ? "BREAKER" : "OTHER";
}

/** Where no connection came about, and where none was tried, nothing was done. */
function effectOf(words: readonly string[]): Effect {
  return words.some((word) => noConnection.test(word) || keptBack.test(word)) ? "none" : "unknown";
}

function wordsOf({ code, name, isBrokenCircuitError, isBulkheadRejectedError, isTaskCancelledError }: ErrorLike) {
  if (isBrokenCircuitError || isBulkheadRejectedError) return ["BreakerOpenError"];
  if (isTaskCancelledError) return ["TimeoutError"];
  return typeof code === "string" && /^E[A-Z]+$/.test(code) ? [code] : [code, name]; // AWS calls a reset a TimeoutError
}

/** The error, its response, its causes: at most five links, for a chain may be a ring. */
function chainOf(error: unknown): ErrorLike[] {
  const links: ErrorLike[] = [];
  for (let link = error; isObject(link) && links.length < 10; link = (link as ErrorLike).cause) {
    const { response, $response } = link as ErrorLike;
    links.push(...[link as ErrorLike, response, $response].filter((part) => isObject(part)));
  }
  return links as ErrorLike[];
}

function statusOf({ status, statusCode, $metadata }: ErrorLike): number | null {
  const found = [status, statusCode, $metadata?.httpStatusCode].find((value) => Number.isInteger(value));
  return (found as number | undefined) ?? null;
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfterOf({ retryAfterMs, headers }: ErrorLike, wallMs: number): number | null {
  if (typeof retryAfterMs === "number" && retryAfterMs >= 0) return retryAfterMs;
  const text = headerOf(headers, "retry-after");
  if (text === null) return null;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - wallMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

function headerOf(headers: unknown, name: string): string | null {
  if (!isObject(headers)) return null;
  const { get } = headers as { get?: unknown };
  const found =
    typeof get === "function"
      ? get.call(headers, name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return found === null || found === undefined ? null : String(found).trim();
}

function firstOf<T>(links: readonly ErrorLike[], read: (link: ErrorLike) => T | null): T | null {
  for (const link of links) {
    const found = read(link);
    if (found !== null) return found;
  }
  return null;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
