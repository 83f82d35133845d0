import { Readable } from "node:stream";
import { asUndiciRetry, type Planner, retry, runbook, type StepFacts, sampling } from "belay-rl/recovery";
import { Agent, fetch, RetryHandler, request } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { answer, reset, serving, shortWaits, told } from "./setting.ts";

function agentOf(planner: Planner, facts: StepFacts = {}) {
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  return agent.compose(asUndiciRetry(RetryHandler, planner, "orders", facts));
}

test("a GET is sent again as the planner decides, and both ends are recorded", async () => {
  const { planner, log, waits } = shortWaits();
  const { url, requests } = await serving(answer(503), reset, answer(200, {}, "three"));
  const { statusCode, body } = await request(url, { dispatcher: agentOf(planner) });
  expect([statusCode, await body.text(), requests.length]).toEqual([200, "three", 3]);
  expect(waits).toEqual([1, 3]);
  expect(told(log)).toEqual(["5XX retry:1 NETWORK", "NETWORK retry:3 ok"]);
});

test("Retry-After is waited", async () => {
  const { planner, log, waits } = shortWaits();
  const { url } = await serving(answer(429, { "retry-after": "2" }), answer(200));
  const response = await fetch(url, { dispatcher: agentOf(planner) });
  expect([response.status, waits]).toEqual([200, [2000]]);
  expect(told(log)).toEqual(["429 retry:1 ok"]);
});

test("a POST is sent once, unless its owner says that it may be done twice", async () => {
  for (const [facts, calls] of [
    [{}, 1],
    [{ idempotent: true }, 2],
  ] as const) {
    const { planner, log } = shortWaits();
    const { url, requests } = await serving(answer(503), answer(200));
    const sent = request(url, { method: "POST", body: "{}", dispatcher: agentOf(planner, facts) });
    if (calls === 1) await expect(sent).rejects.toMatchObject({ statusCode: 503 });
    else await (await sent).body.dump();
    expect([requests.length, log.records.at(-1)?.outcome]).toEqual([calls, calls === 1 ? "escalated" : "ok"]);
  }
});

test("what is given up rejects with undici's own error; what is no failure passes through", async () => {
  const { planner, log } = shortWaits();
  const { url, requests } = await serving(answer(500));
  const dispatcher = agentOf(planner);
  await expect(request(url, { dispatcher })).rejects.toMatchObject({ code: "UND_ERR_REQ_RETRY", statusCode: 500 });
  expect(requests.length).toBe(4);
  expect(told(log).at(-1)).toBe("5XX giveUp escalated");
  const missing = await serving(answer(404));
  expect((await request(missing.url, { dispatcher })).statusCode).toBe(404);
  expect(log.records.length).toBe(4);
});

test("successes are counted: they close and pay for what failures open and spend", async () => {
  const { planner } = shortWaits();
  const { url } = await serving(answer(200));
  const dispatcher = agentOf(planner);
  for (let i = 0; i < 3; i++) await (await request(url, { dispatcher })).body.dump();
  const failure = planner.episode("orders").failed(new Error("x")).failure;
  expect(failure.stats.errorRate).toBe(1 / 4);
});

test("an open breaker keeps requests from the service", async () => {
  const { planner, log } = shortWaits({ guard: { breaker: sampling({ minimumCalls: 1 }), retryBudget: null } });
  const { url, requests } = await serving(answer(503));
  const dispatcher = agentOf(planner);
  await expect(request(url, { dispatcher })).rejects.toMatchObject({ statusCode: 503 });
  await expect(request(url, { dispatcher })).rejects.toThrow("orders: not called, the breaker is open.");
  expect(requests.length).toBe(1);
  expect(told(log)).toEqual(["5XX giveUp escalated", "BREAKER giveUp escalated"]);
});

test("waiting ends with the request's signal", async () => {
  const { planner, log } = shortWaits({
    actions: { retry: retry({ delaysMs: [60_000] }) },
    baseline: runbook({ "*": ["retry:60000"] }),
    clock: undefined as never,
  });
  const { url } = await serving(answer(503));
  const sent = request(url, { dispatcher: agentOf(planner), signal: AbortSignal.timeout(50) });
  await expect(sent).rejects.toThrow("timeout");
  expect(told(log)).toEqual(["5XX retry:60000 aborted"]);
});

test("a body that is read once is sent once, whatever was decided, and its failure is recorded", async () => {
  const { planner, log } = shortWaits();
  const { url, requests } = await serving(answer(503), answer(200));
  const body = Readable.from(["one", "two"]);
  const sent = request(url, { method: "PUT", body, dispatcher: agentOf(planner) });
  await expect(sent).rejects.toMatchObject({ statusCode: 503 });
  expect([requests.length, told(log)]).toEqual([1, ["5XX retry:1 unknown"]]);
});
