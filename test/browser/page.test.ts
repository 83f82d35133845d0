import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bundle, openSite } from "./chromium.ts";

test("the page of examples/page learns to balance before its 100 000 steps are over", async () => {
  const body = readFileSync(new URL("../../examples/page/index.html", import.meta.url), "utf8");
  const script = await bundle("examples/page/main.ts");
  await using chromium = await openSite(
    { "/": { type: "text/html", body }, "/main.js": { type: "text/javascript", body: script } },
    { isolated: false },
  );
  const { page, complaints } = chromium;
  const number = (id: string) =>
    page
      .locator(`#${id}`)
      .textContent()
      .then((text) => Number(text?.replaceAll(",", "")));

  await page.waitForFunction(
    `Number(document.getElementById("mean").textContent) >= 400 || document.getElementById("footer").textContent.includes("hash")`,
    null,
    { timeout: 120_000 },
  );
  expect(complaints).toEqual([]);
  expect(await number("mean")).toBeGreaterThanOrEqual(400);
  expect(await number("steps")).toBeLessThanOrEqual(100_000);
  expect(await page.locator("#scene svg").count()).toBe(1);
  expect((await page.locator(".mean").getAttribute("d"))?.split("L").length).toBeGreaterThan(50);

  // $BELAY_SCREENSHOT: where to put a picture of the page, for whoever changes how it looks.
  const path = process.env["BELAY_SCREENSHOT"];
  if (path) await page.screenshot({ path });
});
