import { expect, test } from "vitest";
import { chart } from "./chart.ts";
import { createScale, createTightScale, niceStep } from "./scale.ts";
import { count, duration, escaped, short } from "./text.ts";

test("ticks are 1, 2 or 5 times a power of ten, and enclose the data", () => {
  expect([0.0012, 0.3, 1, 3, 7, 45, 99].map(niceStep)).toEqual([0.002, 0.5, 1, 5, 10, 50, 100]);
  expect(createScale(-0.31, 0.22, 0, 1, 4).ticks).toEqual([-0.4, -0.2, 0, 0.2, 0.4]);
  expect(createScale(9, 487, 0, 1, 5).ticks).toEqual([0, 100, 200, 300, 400, 500]);
});

test("a scale places its ends at the ends, whichever way it runs", () => {
  const { place } = createScale(0, 100, 300, 20, 5);
  expect([place(0), place(50), place(100)]).toEqual([300, 160, 20]);
  expect(createTightScale(0, 99_840, 10, 110, 4).place(99_840)).toBe(110);
});

test("numbers without spread still make a scale", () => {
  expect(createScale(500, 500, 0, 1, 4).ticks.length).toBeGreaterThan(1);
  expect(createScale(0, 0, 0, 1, 4).ticks.length).toBeGreaterThan(1);
});

test("numbers are shown as short as they can be", () => {
  expect([0, 487.123, 48.77, 12_345, 1_234_567, -0.00123, 0.000034].map(short)).toEqual([
    "0",
    "487",
    "48.8",
    "12.3k",
    "1.23M",
    "−0.00123",
    "3.4e−5",
  ]);
  expect([18_432, 999, 1_000_000].map(count)).toEqual(["18,432", "999", "1,000,000"]);
  expect([0.42, 75, 3700].map(duration)).toEqual(["0.42 s", "1 min 15 s", "1 h 1 min"]);
});

test("a chart draws its line where the numbers are, and tells each of them", () => {
  const line = [
    { x: 0, y: 0 },
    { x: 100, y: 10 },
  ];
  const drawing = chart({ name: "return", width: 458, height: 134, end: 100, line });
  // Margins: 46 left, 12 right, 10 top, 24 bottom, so the paper is 400 by 100.
  expect(drawing).toContain('<path class="line" d="M46 110L446 10"/>');
  expect(drawing).toContain("<title>return 10 at 100 steps</title>");
});

test("a chart of nothing is nothing", () => {
  expect(chart({ name: "x", width: 100, height: 100, end: 1, line: [] })).toBe("");
});

test("what a page quotes cannot break out of it", () => {
  expect(escaped(`<a href="x">'&'</a>`)).toBe("&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
});
