import { expect, test } from "vitest";
import type { RunEvent } from "./event.ts";
import { mendEvents, parseEvents, readEvents, withoutVoid } from "./event-log.ts";
import { EVENTS } from "./layout.ts";
import { memoryStore } from "./store.ts";

const checkpoint = (steps: number): RunEvent => ({ kind: "checkpoint", time: 0, steps, file: "f" });
const resumed = (steps: number): RunEvent => ({ kind: "resumed", time: 0, steps });
const lines = (...events: RunEvent[]) => events.map((event) => `${JSON.stringify(event)}\n`).join("");

test("a torn last line is left out", () => {
  const text = `${lines(checkpoint(1), checkpoint(2))}{"kind":"check`;
  expect(parseEvents(text, "log")).toEqual([checkpoint(1), checkpoint(2)]);
});

test("damage before the last line is refused, and the line is named", () => {
  const text = `${lines(checkpoint(1))}{"kind":"check\n${lines(checkpoint(2))}`;
  expect(() => parseEvents(text, "runs/a/events.jsonl")).toThrow(
    `readEvents: runs/a/events.jsonl:2 is not an event: "{\\"kind\\":\\"check". Delete that line to read the rest.`,
  );
  expect(() => parseEvents("{}\n", "log")).toThrow("log:1 is not an event");
  expect(() => parseEvents("\n", "log")).toThrow("log:1 is not an event");
});

test("a resume makes void what was said of later steps, and nothing else", () => {
  const told = [
    checkpoint(10),
    checkpoint(20),
    checkpoint(30),
    resumed(20),
    checkpoint(25),
    checkpoint(40),
    resumed(25),
  ];
  expect(withoutVoid(told)).toEqual([checkpoint(10), checkpoint(20), resumed(20), checkpoint(25), resumed(25)]);
});

test("mending cuts the torn line and keeps every whole one", async () => {
  const store = memoryStore();
  await store.append(EVENTS, lines(checkpoint(1)));
  await store.append(EVENTS, '{"kind":"ch');
  await mendEvents(store);
  expect(await store.readText(EVENTS)).toBe(lines(checkpoint(1)));
  expect(await readEvents(store)).toEqual([checkpoint(1)]);
});

test("a log whose only line is torn is empty", async () => {
  const store = memoryStore();
  await store.append(EVENTS, '{"kind":"started"');
  await mendEvents(store);
  expect(await readEvents(store)).toEqual([]);
});
