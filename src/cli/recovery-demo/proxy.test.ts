import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { classify } from "../../recovery/classify.ts";
import type { Symptom } from "../../recovery/failure.ts";
import { call } from "./call.ts";
import { createProxy, heavyBatch, latencyMs } from "./proxy.ts";
import { type FaultKind, faultKinds } from "./schedule.ts";

/** A service that counts what reaches it, behind a proxy. */
async function proxied() {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? "");
    response.end('{"orders":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy = await createProxy((server.address() as AddressInfo).port);
  onTestFinished(async () => {
    await proxy.close();
    server.closeAllConnections();
    server.close();
  });
  return { proxy, seen };
}

const shown: Record<FaultKind, Partial<Symptom> & { reaches: number }> = {
  latency: { class: "TIMEOUT", effect: "unknown", reaches: 0 },
  refusal: { class: "NETWORK", effect: "none", reaches: 0 },
  reset: { class: "NETWORK", effect: "unknown", reaches: 1 },
  throttle: { class: "429", status: 429, retryAfterMs: 1000, reaches: 0 },
  garbage: { class: "BADDATA", reaches: 0 },
  heavy: { class: "5XX", status: 503, reaches: 0 },
};

test.each(faultKinds)("the proxy injects %s, and nothing once it is over", async (kind) => {
  const { proxy, seen } = await proxied();
  const path = `/orders?batch=${heavyBatch + 1}`;
  proxy.inject(kind);
  const error = await call(proxy.port, path).catch((caught: unknown) => caught);
  const { reaches, ...symptom } = shown[kind];
  expect(classify(error, 0)).toMatchObject(symptom);
  expect([seen.length, proxy.troubled]).toEqual([reaches, kind === "refusal" ? 0 : 1]);
  proxy.inject(null);
  await new Promise((resolve) => setTimeout(resolve, 20)); // until it listens again
  expect(await call(proxy.port, path)).toEqual({ orders: [] });
  expect(seen.length).toBe(reaches + 1);
});

test("a request for less gets through what is too heavy for others", async () => {
  const { proxy } = await proxied();
  proxy.inject("heavy");
  expect(await call(proxy.port, `/orders?batch=${heavyBatch}`)).toEqual({ orders: [] });
});

test("who hangs up during latency is not heard later", async () => {
  const { proxy, seen } = await proxied();
  proxy.inject("latency");
  await expect(call(proxy.port, "/")).rejects.toThrow("no answer within 200 ms");
  await new Promise((resolve) => setTimeout(resolve, latencyMs));
  expect(seen).toEqual([]);
});
