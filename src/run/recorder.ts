import type { RunEvent } from "./event.ts";
import { appendEvent, mendEvents, readEvents, withoutVoid } from "./event-log.ts";
import { TENSORBOARD } from "./layout.ts";
import type { Platform } from "./platform.ts";
import type { Store } from "./store.ts";
import { tensorboardFile, tensorboardRecord } from "./tensorboard.ts";

/** An event before it is told when. */
export type Untimed = RunEvent extends infer Event ? (Event extends RunEvent ? Omit<Event, "time"> : never) : never;

/** Writes an event to the log and to TensorBoard's file, and hands it back with its time. */
export type Recorder = <E extends Untimed>(event: E) => Promise<E & { readonly time: number }>;

/** Takes up both files, or begins them. TensorBoard's is told anew, without what the opening event made void. */
export async function openRecorder(
  store: Store,
  platform: Platform,
  opening: Untimed,
): Promise<{ readonly record: Recorder; readonly opened: RunEvent }> {
  await mendEvents(store);
  const opened: RunEvent = timed(opening, platform);
  const standing = withoutVoid([...(await readEvents(store)), opened]);
  await appendEvent(store, opened);
  await store.write(TENSORBOARD, tensorboardFile(standing));

  const record: Recorder = async (untimed) => {
    const event = timed(untimed, platform);
    await appendEvent(store, event);
    const scalars = tensorboardRecord(event);
    if (scalars) await store.append(TENSORBOARD, scalars);
    return event;
  };
  return { record, opened };
}

export function timed<E extends Untimed>(event: E, platform: Platform): E & { readonly time: number } {
  return { ...event, time: Math.round(platform.now()) };
}
