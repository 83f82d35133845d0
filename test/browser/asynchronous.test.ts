import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as work from "./asynchronous.ts";
import { bundle, type OpenPage, openSite } from "./chromium.ts";

/** One step an episode; the first thread to take 700 steps closes itself, which nobody is told. */
const lever = `
  let taken = 0;
  const channel = new BroadcastChannel("lever");
  let closed = false;
  channel.onmessage = () => { closed = true; };
  export function make() {
    const space = (n) => ({ kind: "discrete", n, start: 0 });
    return {
      id: "Lever-v0", observationSpace: space(2), actionSpace: space(2),
      reset: () => ({ observation: 0, info: {} }),
      step(action) {
        if (++taken === 700 && !closed) { channel.postMessage("closed"); self.close(); }
        return { observation: 1, reward: action, terminated: true, truncated: false, info: {} };
      },
      snapshot: () => null, restore() {},
    };
  }`;

async function open(isolated: boolean): Promise<OpenPage> {
  const javascript = (body: string) => ({ type: "text/javascript", body });
  const page = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script src="main.js"></script>`;
  return openSite(
    {
      "/": { type: "text/html", body: page },
      "/main.js": javascript(await bundle("test/browser/asynchronous.ts", "here")),
      "/worker.js": javascript(await bundle("src/platform/browser/worker.ts")),
      "/lever.js": javascript(lever),
    },
    { isolated },
  );
}

describe("in a page that is cross-origin isolated", () => {
  let chromium: OpenPage;
  beforeAll(async () => {
    chromium = await open(true);
  });
  afterAll(() => chromium[Symbol.asyncDispose]());
  const inPage = <T>(call: string) => chromium.page.evaluate<T>(`here.${call}`);

  test("one Web Worker ends with the bytes of one worker in Node", async () => {
    expect(await inPage("balanceInWorkers(1)")).toEqual(await work.balance(1));
  });

  test("two share the steps that were asked for", async () => {
    expect(await inPage("balanceInWorkers(2)")).toMatchObject({ steps: 3000, replaced: 0 });
  });

  test("one that ends without a word is replaced", async () => {
    const { steps, replaced } = await inPage<work.Ran>("pullLever()");
    expect(steps).toBe(3000);
    expect(replaced).toBeGreaterThan(0);
  });

  test("one whose script is not there says so", async () => {
    expect(await inPage("lostScript()")).toEqual({ kind: "died", reason: "its script could not be loaded" });
  });
});

describe("in a page that is not", () => {
  let chromium: OpenPage;
  beforeAll(async () => {
    chromium = await open(false);
  });
  afterAll(() => chromium[Symbol.asyncDispose]());

  test("Web Workers are refused, with the two headers that are missing", async () => {
    const refusal = await chromium.page.evaluate<string>("here.balanceInWorkers(2).catch(({ message }) => message)");
    expect(refusal).toContain("need shared memory (SharedArrayBuffer)");
    expect(refusal).toContain('"Cross-Origin-Opener-Policy: same-origin"');
    expect(refusal).toContain('"Cross-Origin-Embedder-Policy: require-corp"');
  });

  test("one worker learns in the page's own thread, to the bytes of Node", async () => {
    expect(await chromium.page.evaluate("here.balance(1)")).toEqual(await work.balance(1));
  });
});
