/**
 * RetryStorm: one server, many clients, and a trigger after which retries alone can keep the server down.
 * Bronson et al. 2021, Metastable failures in distributed systems, https://doi.org/10.1145/3458336.3465286.
 */
import type { Random } from "../../math/random.ts";
import { log } from "../../math/transcendental.ts";
import { eventQueue } from "./event-queue.ts";

export const retryStormDefaults = {
  /** Arrivals over what the server can serve. */
  load: 0.7,
  /** Requests that it serves in a second, by exponential times, first come first served. */
  capacity: 100,
  /** A call that finds so many before it fails at once. */
  queue: 2000,
  /** When a client gives up on a call; the server does not know, and works on. */
  timeoutMs: 1000,
  /** When capacity falls to its share, and when it is whole again. */
  triggerMs: [60_000, 90_000] as readonly [number, number],
  triggerShare: 0.3,
  durationMs: 400_000,
};

export type RetryStormOptions = typeof retryStormDefaults;

/** What befell a call: nothing in time, a full queue, or a breaker that let nothing through. */
export type StormFailure = "timeout" | "full" | "open";

/** What all callers of the server share: guards, and what is done about a failure. */
export interface StormClient {
  /** Whether a call may be made now; one that may not fails at once. */
  allows(now: number, failures: number): boolean;
  /** Of every call that was made, for which request. */
  onResult(now: number, ok: boolean, request: number): void;
  /** Milliseconds until the next try of a request after its nth failure, or null to give it up. */
  retryAfter(now: number, failure: StormFailure, n: number, request: number): number | null;
}

export interface RetryStormResult {
  /** Of the requests that arrived after the trigger, the share that was answered. */
  readonly goodput: number;
  /** Seconds from the end of the trigger to the first of which the next 10 s serve 95 % of their arrivals; null for never. */
  readonly recoverySeconds: number | null;
  /** Calls that reached the server, per request that arrived after the trigger. */
  readonly callsPerRequest: number;
  /** From arrival to answer, of those answered, after the trigger. */
  readonly meanSeconds: number;
  /** Share of the whole run's requests that was answered. */
  readonly goodputOfAll: number;
}

/** What an event is: a request's call, its answer, or why there is none. An event is 4 · request + kind. */
const [called, answer, timedOut, refused] = [0, 1, 2, 3];

/** How long a refusal by a full queue takes. */
const refusalMs = 1;

/** Runs one storm. `traffic` alone draws arrivals and service times, so that policies can be compared on the same. */
export function retryStorm(
  client: StormClient,
  traffic: Random,
  options: RetryStormOptions = retryStormDefaults,
): RetryStormResult {
  const { load, capacity, queue, timeoutMs, triggerMs, durationMs } = options;
  const [arrivalChance, serviceChance] = [traffic.split(), traffic.split()];
  const meanWork = 1000 / capacity;

  const events = eventQueue();
  const arrivals: number[] = [];
  const answered: number[] = [];
  const failures: number[] = [];
  const callsOf: number[] = [];
  for (let time = 0; ; ) {
    time += exponential(arrivalChance, meanWork / load);
    if (time >= durationMs) break;
    events.push(time, 4 * arrivals.length + called);
    arrivals.push(time);
    answered.push(NaN);
    failures.push(0);
    callsOf.push(0);
  }

  /** Departures of the calls in the server, a ring. First come, first served: known as soon as a call comes. */
  const departures = new Float64Array(queue);
  let [first, waiting] = [0, 0];

  function call(now: number, request: number): void {
    if (!client.allows(now, failures[request])) {
      fail(now, request, "open");
      return;
    }
    callsOf[request] += 1;
    while (waiting > 0 && departures[first] <= now) {
      first = (first + 1) % queue;
      waiting -= 1;
    }
    if (waiting === queue) {
      events.push(now + refusalMs, 4 * request + refused);
      return;
    }
    const start = waiting > 0 ? departures[(first + waiting - 1) % queue] : now;
    const departure = finish(start, exponential(serviceChance, meanWork), options);
    departures[(first + waiting) % queue] = departure;
    waiting += 1;
    if (departure - now <= timeoutMs) events.push(departure, 4 * request + answer);
    else events.push(now + timeoutMs, 4 * request + timedOut);
  }

  function fail(now: number, request: number, failure: StormFailure): void {
    failures[request] += 1;
    const wait = client.retryAfter(now, failure, failures[request], request);
    if (wait !== null) events.push(now + wait, 4 * request + called);
  }

  for (let event = events.pop(); event >= 0 && events.time < durationMs; event = events.pop()) {
    const now = events.time;
    const request = event >> 2;
    const kind = event & 3;
    if (kind === called) call(now, request);
    else if (kind === answer) {
      answered[request] = now;
      client.onResult(now, true, request);
    } else {
      client.onResult(now, false, request);
      fail(now, request, kind === timedOut ? "timeout" : "full");
    }
  }
  return measure(arrivals, answered, callsOf, triggerMs[1], durationMs);
}

function exponential(random: Random, mean: number): number {
  return -mean * log(1 - random.uniform());
}

/** When work that begins at `start` is finished, capacity being what it is at each moment. */
function finish(start: number, work: number, { triggerMs: [from, to], triggerShare }: RetryStormOptions): number {
  let [time, left] = [start, work];
  if (time < from) {
    if (time + left <= from) return time + left;
    left -= from - time;
    time = from;
  }
  if (time < to) {
    if (time + left / triggerShare <= to) return time + left / triggerShare;
    left -= (to - time) * triggerShare;
    time = to;
  }
  return time + left;
}

function measure(
  arrivals: number[],
  answered: number[],
  callsOf: number[],
  from: number,
  to: number,
): RetryStormResult {
  const seconds = Math.floor((to - from) / 1000);
  const [arrived, served] = [new Float64Array(seconds), new Float64Array(seconds)];
  let [requests, successes, calls, waited, all] = [0, 0, 0, 0, 0];
  for (let i = 0; i < arrivals.length; i++) {
    if (answered[i] > 0) all += 1;
    if (answered[i] >= from) served[Math.floor((answered[i] - from) / 1000)] += 1;
    if (arrivals[i] < from) continue;
    arrived[Math.floor((arrivals[i] - from) / 1000)] += 1;
    requests += 1;
    calls += callsOf[i];
    if (!(answered[i] > 0)) continue;
    successes += 1;
    waited += (answered[i] - arrivals[i]) / 1000;
  }
  return {
    goodput: successes / requests,
    recoverySeconds: firstRecovered(arrived, served),
    callsPerRequest: calls / requests,
    meanSeconds: waited / Math.max(1, successes),
    goodputOfAll: all / arrivals.length,
  };
}

function firstRecovered(arrived: Float64Array, served: Float64Array): number | null {
  for (let second = 0; second + 10 <= arrived.length; second++) {
    let [wanted, got] = [0, 0];
    for (let i = second; i < second + 10; i++) {
      wanted += arrived[i];
      got += served[i];
    }
    if (got >= 0.95 * wanted) return second;
  }
  return null;
}
