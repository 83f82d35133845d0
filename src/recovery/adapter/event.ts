/** Cockatiel's way to hear of something: gives the listener in, and gets what takes it out. */
export type Event<T> = (listener: (data: T) => void) => { dispose(): void };

export interface Emitter<T> {
  readonly event: Event<T>;
  emit(data: T): void;
}

export function emitter<T>(): Emitter<T> {
  const listeners = new Set<{ readonly call: (data: T) => void }>();
  return {
    event(call) {
      const entry = { call };
      listeners.add(entry);
      return { dispose: () => void listeners.delete(entry) };
    },
    emit(data) {
      for (const { call } of [...listeners]) call(data);
    },
  };
}
