import { expect, test } from "vitest";
import { classify } from "./classify.ts";

const NOON = Date.parse("2026-01-01T12:00:00Z");

test("an error is classed by its status, wherever the client put it", () => {
  const cases: [error: unknown, failureClass: string, status: number | null][] = [
    [{ status: 503 }, "5XX", 503],
    [{ response: { status: 429 } }, "429", 429],
    [{ statusCode: 400 }, "4XX", 400],
    [{ $metadata: { httpStatusCode: 500 } }, "5XX", 500],
    [{ status: 404 }, "NODATA", 404],
    [{ status: 504 }, "TIMEOUT", 504],
    [{ status: 200 }, "OTHER", 200],
    [new Error("no idea"), "OTHER", null],
    ["text", "OTHER", null],
    [null, "OTHER", null],
    [undefined, "OTHER", null],
  ];
  for (const [error, failureClass, status] of cases) {
    expect(classify(error, NOON), JSON.stringify(error)).toMatchObject({ class: failureClass, status });
  }
});

test("a fetch that failed is classed by its cause, and only a connection never made surely had no effect", () => {
  const failed = (code: string) => new TypeError("fetch failed", { cause: Object.assign(new Error(), { code }) });
  expect(classify(failed("ECONNREFUSED"), NOON)).toMatchObject({ class: "NETWORK", effect: "none" });
  expect(classify(failed("ENOTFOUND"), NOON)).toMatchObject({ class: "NETWORK", effect: "none" });
  expect(classify(failed("ECONNRESET"), NOON)).toMatchObject({ class: "NETWORK", effect: "unknown" });
  expect(classify(failed("UND_ERR_CONNECT_TIMEOUT"), NOON)).toMatchObject({ class: "TIMEOUT", effect: "none" });
  expect(classify(failed("UND_ERR_HEADERS_TIMEOUT"), NOON)).toMatchObject({ class: "TIMEOUT", effect: "unknown" });
  expect(classify(AbortSignal.timeout(0).reason ?? { name: "TimeoutError" }, NOON).class).toBe("TIMEOUT");
  expect(classify({ status: 500 }, NOON).effect).toBe("unknown");
});

test("bad payloads and missing data have words of their own", () => {
  expect(classify(new SyntaxError("Unexpected token"), NOON).class).toBe("BADDATA");
  expect(classify(Object.assign(new Error(), { code: "ENOENT" }), NOON).class).toBe("NODATA");
});

test("what a system calls an error says more than what a library calls it", () => {
  const error = Object.assign(new Error(), { name: "TimeoutError", code: "ECONNREFUSED" });
  expect(classify(error, NOON)).toMatchObject({ class: "NETWORK", effect: "none" });
});

test("Retry-After is read as seconds or as a date, in any case, from Headers or a record", () => {
  const after = (value: string) => classify({ status: 429, headers: new Headers({ "retry-after": value }) }, NOON);
  expect(after("2").retryAfterMs).toBe(2000);
  expect(after("Thu, 01 Jan 2026 12:00:30 GMT").retryAfterMs).toBe(30_000);
  expect(after("Thu, 01 Jan 2026 11:00:00 GMT").retryAfterMs).toBe(0);
  expect(after("soon").retryAfterMs).toBeNull();
  expect(classify({ response: { headers: { "Retry-After": 7 } } }, NOON).retryAfterMs).toBe(7000);
  expect(classify({ retryAfterMs: 12 }, NOON).retryAfterMs).toBe(12);
  expect(classify({}, NOON).retryAfterMs).toBeNull();
});

test("a ring of causes comes to an end", () => {
  const error: Error & { cause?: unknown } = new Error("ring");
  error.cause = error;
  expect(classify(error, NOON).class).toBe("OTHER");
});
