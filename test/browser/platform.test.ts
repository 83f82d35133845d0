import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenPage, openModule } from "./chromium.ts";

let chromium: OpenPage;
beforeAll(async () => {
  chromium = await openModule("src/platform/browser/index.ts", { isolated: false });
});
afterAll(() => chromium[Symbol.asyncDispose]());

/** Runs the body of an async function in a page that has `belay-rl/browser` as `here`. */
function inPage<T>(body: string): Promise<T> {
  return chromium.page.evaluate<T>(`(async () => { ${body} })()`);
}

test("a page repaints while work that breathes goes on, and only then", async () => {
  const framesDuring = (pause: string) => `
    let frames = 0;
    const count = () => { frames++; requestAnimationFrame(count); };
    requestAnimationFrame(count);
    const platform = here.browserPlatform();
    const end = platform.now() + 300;
    while (platform.now() < end) await ${pause};
    return frames;`;
  expect(await inPage(framesDuring("platform.breathe()"))).toBeGreaterThan(2);
  expect(await inPage(framesDuring("null"))).toBe(0);
});

test("breaths taken at the same time all end", async () => {
  expect(
    await inPage(`
    const { breathe } = here.browserPlatform();
    return (await Promise.all([breathe(), breathe(), breathe()])).length;`),
  ).toBe(3);
});

test("the clock tells the time, and the engine says which browser it is", async () => {
  const { now, engine } = await inPage<{ now: number; engine: string }>(
    "const { now, engine } = here.browserPlatform(); return { now: now(), engine };",
  );
  expect(Math.abs(now - Date.now())).toBeLessThan(60_000);
  expect(engine).toContain("Chrome");
});

test("download offers the bytes under their name", async () => {
  const [download] = await Promise.all([
    chromium.page.waitForEvent("download"),
    chromium.page.evaluate(`here.download(Uint8Array.of(1, 2, 255), "policy.safetensors")`),
  ]);
  expect(download.suggestedFilename()).toBe("policy.safetensors");
  expect([...readFileSync(await download.path())]).toEqual([1, 2, 255]);
});
