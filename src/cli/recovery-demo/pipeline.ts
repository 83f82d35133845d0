import { type Order, ordersPerPage, sleep, type World } from "./world.ts";

/** What a step is called with. */
export interface StepInput {
  readonly page: number;
  readonly batch: number;
  readonly total: number;
  readonly meter: Meter;
  readonly signal?: AbortSignal;
}

/** What was done for one step of one page. */
export interface Meter {
  /** Of the service itself. */
  calls: number;
  failed: number;
  /** Of other places. */
  remedies: number;
  cost: number;
  /** When the first call failed, or a remedy took its place, in milliseconds of the demonstration. */
  troubledAt: number | null;
}

/** The two steps that can fail, bare or recovered. */
export interface Steps {
  extract(input: StepInput): Promise<Order[]>;
  load(input: StepInput): Promise<void>;
}

/** What else there is, for those who can use it. */
export interface Remedies {
  replica(input: StepInput): Promise<Order[]>;
  snapshot(input: StepInput): Promise<Order[]>;
  unbook(input: StepInput): Promise<void>;
}

export const costs = { replica: 0.05, smaller: 0.03, snapshot: 0.35, unbook: 0.1 };

/** A checkpoint is not restored in an instant. */
export const restoreSeconds = 0.8;

/** One step of one page, from its first call to its end. */
export interface StepResult {
  readonly page: number;
  readonly step: keyof Steps;
  /** In milliseconds of the demonstration. */
  readonly begin: number;
  readonly end: number;
  readonly ok: boolean;
  readonly meter: Readonly<Meter>;
}

/** Pages of which the snapshot would be too old. */
export function isCritical(page: number): boolean {
  return page % 5 < 2;
}

/** The steps of a world, with what is done for them counted. */
export function bareSteps(world: World, now: () => number): Steps & Remedies {
  async function counted<T>(meter: Meter, work: () => Promise<T>): Promise<T> {
    meter.calls++;
    try {
      return await work();
    } catch (error) {
      meter.failed++;
      meter.troubledAt ??= now();
      throw error;
    }
  }
  function remedy<T>(meter: Meter, cost: number, work: () => Promise<T>): Promise<T> {
    meter.remedies++;
    meter.cost += cost;
    meter.troubledAt ??= now();
    return work();
  }
  return {
    extract: ({ page, batch, meter, signal }) => counted(meter, () => world.orders(page, batch, signal)),
    load: ({ page, total, meter, signal }) => counted(meter, () => world.book(page, total, signal)),
    replica: ({ page, meter, signal }) => remedy(meter, costs.replica, () => world.replica(page, signal)),
    snapshot: ({ page, meter, signal }) => remedy(meter, costs.snapshot, () => world.snapshot(page, signal)),
    async unbook({ page, meter }) {
      meter.cost += costs.unbook;
      await sleep(restoreSeconds * 1000);
      await world.unbook(page);
    },
  };
}

/** Pages arrive at a steady pace, whatever became of those before: extract, transform, load. */
export async function runPipeline(
  steps: Steps,
  { seconds, perSecond, now, onResult }: PipelineOptions,
): Promise<StepResult[]> {
  const results: StepResult[] = [];
  const pages: Promise<void>[] = [];

  async function measured<T>(page: number, step: keyof Steps, work: (meter: Meter) => Promise<T>): Promise<T | null> {
    const meter: Meter = { calls: 0, failed: 0, remedies: 0, cost: 0, troubledAt: null };
    const begin = now();
    let ok = true;
    try {
      return await work(meter);
    } catch {
      ok = false;
      return null;
    } finally {
      const result = { page, step, begin, end: now(), ok, meter };
      results.push(result);
      onResult?.(result);
    }
  }

  async function one(page: number): Promise<void> {
    const input = { page, batch: ordersPerPage, total: 0 };
    const orders = await measured(page, "extract", (meter) => steps.extract({ ...input, meter }));
    if (!orders) return;
    const total = orders.reduce((sum, { amount }) => sum + amount, 0);
    await measured(page, "load", (meter) => steps.load({ ...input, total, meter }));
  }

  for (let page = 0; page < seconds * perSecond; page++) {
    await sleep(Math.max(0, (page / perSecond) * 1000 - now()));
    pages.push(one(page));
  }
  await Promise.all(pages);
  return results;
}

export interface PipelineOptions {
  readonly seconds: number;
  readonly perSecond: number;
  /** Milliseconds since the demonstration began. */
  now(): number;
  readonly onResult?: ((result: StepResult) => void) | undefined;
}
