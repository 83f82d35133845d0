import type { RunEvent } from "./event.ts";
import { EVENTS } from "./layout.ts";
import { RunError } from "./run-error.ts";
import type { Store } from "./store.ts";

/** The run's story as it stands: a torn last line is left out, and so is what a resume made void. */
export async function readEvents(store: Store): Promise<RunEvent[]> {
  return withoutVoid(parseEvents((await store.readText(EVENTS)) ?? "", `${store.location}/${EVENTS}`));
}

/** A kill may tear the last line; it must go before another is written behind it. */
export async function mendEvents(store: Store): Promise<void> {
  const text = (await store.readText(EVENTS)) ?? "";
  if (text !== "" && !text.endsWith("\n")) await store.write(EVENTS, text.slice(0, text.lastIndexOf("\n") + 1));
}

/** Every event in the text, void ones too. Refuses damage anywhere but in an unfinished last line. */
export function parseEvents(text: string, source: string): RunEvent[] {
  const lines = text.split("\n");
  return lines.slice(0, -1).map((line, index) => {
    const event = parsed(line);
    if (event) return event;
    throw new RunError(
      `readEvents: ${source}:${index + 1} is not an event: ${JSON.stringify(line.slice(0, 60))}. ` +
        "Delete that line to read the rest.",
    );
  });
}

/** A `resumed` event voids what was said before it of later steps. */
export function withoutVoid(events: readonly RunEvent[]): RunEvent[] {
  const standing: RunEvent[] = [];
  for (const event of events) {
    if (event.kind === "resumed") {
      while (standing.length > 0 && standing[standing.length - 1].steps > event.steps) standing.pop();
    }
    standing.push(event);
  }
  return standing;
}

function parsed(line: string): RunEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value) ? value : null;
  } catch {
    return null;
  }
}

function isEvent(value: unknown): value is RunEvent {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    typeof value.kind === "string" &&
    "steps" in value &&
    typeof value.steps === "number"
  );
}
