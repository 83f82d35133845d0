import { describe, expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { sampling } from "./breaker.ts";
import { errorRates } from "./error-rates.ts";
import { fallbackBudget } from "./fallback-budget.ts";
import { callSwitch } from "./kill-switch.ts";
import { steadyClock } from "./steady-clock.ts";
import { throttle } from "./throttle.ts";
import { tokenBucket } from "./token-bucket.ts";

describe("retry budget", () => {
  test("bears ten retries at first, then one for every ten successes", () => {
    const budget = tokenBucket({ perSuccess: 0.1, max: 10 }).create();
    for (let retry = 0; retry < 10; retry++) expect(budget.take(0)).toBe(true);
    expect(budget.take(0)).toBe(false);
    for (let success = 0; success < 9; success++) budget.onSuccess(1);
    expect(budget.take(1)).toBe(false);
    budget.onSuccess(1);
    expect(budget.take(1)).toBe(true);
    expect(budget.left(1)).toBe(0);
  });

  test("never saves up more than its most", () => {
    const budget = tokenBucket({ perSuccess: 1, max: 3, perSecond: 5 }).create();
    for (let success = 0; success < 100; success++) budget.onSuccess(1000 * success);
    expect(budget.left(1e9)).toBe(3);
  });

  test("time pays where it is asked to, and a clock that runs back takes nothing away", () => {
    const budget = tokenBucket({ perSuccess: 0, max: 10, perSecond: 2 }).create();
    for (let retry = 0; retry < 10; retry++) budget.take(5000);
    expect(budget.left(6500)).toBeCloseTo(3, 12);
    expect(budget.left(0)).toBeCloseTo(3, 12);
    expect(budget.left(500)).toBeCloseTo(4, 12);
    expect(budget.left(NaN)).toBeCloseTo(4, 12);
  });

  test("refuses what is no budget", () => {
    expect(() => tokenBucket({ max: 0 })).toThrow("tokenBucket: max must be a positive number, got 0.");
  });
});

describe("breaker", () => {
  const options = { ratio: 0.5, windowMs: 10_000, minimumCalls: 20, openMs: 30_000 };

  function opened() {
    const breaker = sampling(options).create();
    for (let call = 0; call < 20; call++) breaker.onResult(0, false);
    return breaker;
  }

  test("opens once more than half of at least 20 results in its window failed", () => {
    const breaker = sampling(options).create();
    for (let call = 0; call < 19; call++) breaker.onResult(call, false);
    expect(breaker.state(19)).toBe("closed");
    breaker.onResult(20, false);
    expect(breaker.state(20)).toBe("open");
    expect(breaker.allows(20)).toBe(false);
  });

  test("stays closed where exactly half failed, and where failures are older than the window", () => {
    const breaker = sampling(options).create();
    for (let call = 0; call < 100; call++) breaker.onResult(call, call % 2 === 0);
    expect(breaker.state(100)).toBe("closed");
    const slow = sampling(options).create();
    for (let call = 0; call < 100; call++) slow.onResult(1000 * call, false);
    expect(slow.state(100_000)).toBe("closed");
  });

  test("the late result of a call from before it opened decides nothing", () => {
    const breaker = opened();
    expect(breaker.allows(30_000)).toBe(true);
    breaker.onResult(30_050, true, 29_000);
    expect(breaker.state(30_051)).toBe("half-open");
    breaker.onResult(30_060, true, 30_000);
    expect(breaker.state(30_061)).toBe("closed");
  });

  test("lets one probe through after its time, whose result closes it or opens it for as long again", () => {
    const breaker = opened();
    expect(breaker.allows(29_999)).toBe(false);
    expect(breaker.state(30_000)).toBe("half-open");
    expect([1, 2, 3].map(() => breaker.allows(30_000))).toEqual([true, false, false]);
    breaker.onResult(30_100, false);
    expect(breaker.state(60_099)).toBe("open");
    expect(breaker.allows(60_100)).toBe(true);
    breaker.onResult(60_200, true);
    expect(breaker.state(60_200)).toBe("closed");
    breaker.onResult(60_300, false);
    expect(breaker.state(60_300)).toBe("closed");
  });

  test("takes no late result for that of its probe, and sends another where the probe never came back", () => {
    const breaker = opened();
    breaker.onResult(30_000, true);
    expect(breaker.state(30_000)).toBe("half-open");
    expect(breaker.allows(30_000)).toBe(true);
    expect(breaker.allows(59_999)).toBe(false);
    expect(breaker.allows(60_000)).toBe(true);
  });

  test("opens again after its time even if the clock has jumped a year back", () => {
    const breaker = opened();
    const back = -365 * 86_400_000;
    expect(breaker.state(back)).toBe("open");
    expect(breaker.state(back + 30_000)).toBe("half-open");
  });
});

test("clocks may jump: time never runs back, and a step counts for an hour at most", () => {
  const clock = steadyClock();
  const hour = 3_600_000;
  expect([50, 70, 20, 25, 1e15, NaN, Infinity, 1e15 + 5].map(clock)).toEqual([
    0,
    20,
    20,
    25,
    25 + hour,
    25 + hour,
    25 + hour,
    30 + hour,
  ]);
});

test("error rates agree with a list of all results, to within a part of their windows", () => {
  const random = createRandom(3);
  const rates = errorRates();
  const results: { time: number; ok: boolean }[] = [];
  let time = 0;
  for (let call = 0; call < 4000; call++) {
    time += 800 * random.uniform() * random.uniform();
    const ok = random.uniform() > (call % 1000) / 1000;
    results.push({ time, ok });
    rates.onResult(time, ok);
    const between = (windowMs: number, parts: number, rate: number) => {
      const start = (Math.floor((time - results[0].time) / (windowMs / parts)) - parts + 1) * (windowMs / parts);
      const seen = results.filter((result) => result.time - results[0].time >= start);
      expect(rate).toBeCloseTo(seen.filter((result) => !result.ok).length / seen.length, 12);
    };
    if (call % 97 > 0) continue;
    between(10_000, 10, rates.rate10s(time));
    between(60_000, 12, rates.rate1m(time));
    between(600_000, 20, rates.rate10m(time));
  }
  expect(rates.rate10m(time + 600_000)).toBe(0);
});

test("in no minute does the fallback cost more than its budget", () => {
  const budget = fallbackBudget({ perMinute: 5 }).create();
  const random = createRandom(1);
  const spent: { time: number; cost: number }[] = [];
  let time = 0;
  for (let decision = 0; decision < 2000; decision++) {
    time += 2000 * random.uniform();
    const cost = random.uniform();
    if (!budget.take(time, cost)) continue;
    spent.push({ time, cost });
    const minute = spent.filter((one) => one.time > time - 60_000);
    expect(minute.reduce((sum, one) => sum + one.cost, 0)).toBeLessThanOrEqual(5 + 1e-6);
  }
  expect(spent.length).toBeGreaterThan(300);
  expect(budget.take(time, 0)).toBe(true);
});

test("a client throttles by (requests − 2 accepts) / (requests + 1)", () => {
  const guard = throttle().create();
  for (let request = 0; request < 100; request++) guard.onRequest(request, request % 4 === 0);
  expect(guard.rejection(100)).toBeCloseTo((100 - 2 * 25) / 101, 12);
  for (let request = 0; request < 100; request++) guard.onRequest(200, true);
  expect(guard.rejection(200)).toBe(0);
});

test("a switch is on from the call that turns it on to the call that turns it off", () => {
  const kill = callSwitch();
  expect(kill.isOn()).toBe(false);
  kill.turnOn();
  expect(kill.isOn()).toBe(true);
  kill.turnOff();
  expect(kill.isOn()).toBe(false);
});
