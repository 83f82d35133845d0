import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenPage, openModule } from "./chromium.ts";
import * as work from "./training.ts";

let chromium: OpenPage;
beforeAll(async () => {
  chromium = await openModule("test/browser/training.ts", { isolated: false });
});
afterAll(() => chromium[Symbol.asyncDispose]());

test.each(work.trainings)(
  "$algorithm on $environment: one seed, the same bytes in Node and in Chromium after every iteration",
  async (training) => {
    const there = await chromium.page.evaluate(
      (training) => (globalThis as unknown as { here: typeof work }).here.train(training),
      training,
    );
    const here = await work.train(training);
    expect(there).toEqual(here);
    expect(new Set(here).size).toBe(here.length); // every iteration changes something
    expect(chromium.complaints).toEqual([]);
  },
);
