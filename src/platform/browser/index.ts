/// <reference lib="dom" />
import type { Platform } from "../../run/platform.ts";

export { browserWorkerHost } from "./worker-host.ts";

/** A page. Its pause is a message to itself: that comes after a repaint, but without the 4 ms of a nested timer. */
export function browserPlatform(): Platform {
  const { port1: inbox, port2: outbox } = new MessageChannel();
  const waiting: (() => void)[] = [];
  inbox.onmessage = () => waiting.shift()?.();

  return {
    engine: navigator.userAgent,
    now: () => performance.timeOrigin + performance.now(),
    breathe: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        outbox.postMessage(null);
      }),
  };
}

/** Offers bytes, a policy file for instance, to the user as a file. */
export function download(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // some browsers read it late
}
