import { concatenated } from "../math/concatenated.ts";
import type { RunEvent } from "./event.ts";
import { mendEvents, readEvents, withoutVoid } from "./event-log.ts";
import { EVENTS, TENSORBOARD } from "./layout.ts";
import type { Platform } from "./platform.ts";
import type { Store } from "./store.ts";
import { tensorboardFile, tensorboardRecord } from "./tensorboard.ts";

/** An event before it is told when. */
export type Untimed = RunEvent extends infer Event ? (Event extends RunEvent ? Omit<Event, "time"> : never) : never;

/** Writes events to the log and to TensorBoard's file. */
export interface Recorder {
  /** Hands the event back with its time. */
  record<E extends Untimed>(event: E): Promise<E & { readonly time: number }>;
  /** Resolves when all that was recorded is in the files. */
  flush(): Promise<void>;
}

/** Milliseconds that an iteration may wait for others to be written with; all other events are written at once. */
const PATIENCE = 200;

/** Takes up both files, or begins them. TensorBoard's is told anew, without what the opening event made void. */
export async function openRecorder(
  store: Store,
  platform: Platform,
  opening: Untimed,
): Promise<{ readonly recorder: Recorder; readonly opened: RunEvent }> {
  await mendEvents(store);
  const opened: RunEvent = timed(opening, platform);
  const standing = withoutVoid([...(await readEvents(store)), opened]);
  await store.append(EVENTS, line(opened));
  await store.write(TENSORBOARD, tensorboardFile(standing));

  let waiting: RunEvent[] = [];
  let written = platform.now();

  async function flush(): Promise<void> {
    const events = waiting;
    waiting = [];
    written = platform.now();
    if (events.length === 0) return;
    await store.append(EVENTS, events.map(line).join(""));
    const records = events.map(tensorboardRecord).filter((bytes) => bytes !== null);
    if (records.length > 0) await store.append(TENSORBOARD, concatenated(records));
  }

  async function record<E extends Untimed>(untimed: E): Promise<E & { readonly time: number }> {
    const event = timed(untimed, platform);
    waiting.push(event as RunEvent);
    if (event.kind !== "iteration" || platform.now() - written >= PATIENCE) await flush();
    return event;
  }

  return { recorder: { record, flush }, opened };
}

export function timed<E extends Untimed>(event: E, platform: Platform): E & { readonly time: number } {
  return { ...event, time: Math.round(platform.now()) };
}

function line(event: RunEvent): string {
  return `${JSON.stringify(event)}\n`;
}
