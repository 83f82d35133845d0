import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenPage, openModule } from "./chromium.ts";
import { type TrainingName, train, trainingNames } from "./training.ts";

let chromium: OpenPage;
beforeAll(async () => {
  chromium = await openModule("test/browser/training.ts", { isolated: false });
});
afterAll(() => chromium[Symbol.asyncDispose]());

test.each(trainingNames)(
  "%s: the same seed gives the same bytes in Node and in Chromium, iteration by iteration",
  async (name) => {
    const there = await chromium.page.evaluate(
      (name) => (globalThis as unknown as { here: { train(name: TrainingName): Promise<string[]> } }).here.train(name),
      name,
    );
    const here = await train(name);
    expect(there).toEqual(here);
    expect(new Set(here).size).toBe(here.length); // every iteration changes something
    expect(chromium.complaints).toEqual([]);
  },
);
