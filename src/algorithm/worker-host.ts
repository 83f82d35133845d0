/** Threads for an algorithm that works in several: of Node, or of a page. The core itself knows none. */
export interface WorkerHost {
  /** URL of a module whose default export, `make` or `env` makes the environment; null where the environment's recipe does. */
  readonly environmentModule: string | null;
  /** Starts a thread, which waits to be asked. */
  spawn(): WorkerThread;
}

/** A thread that answers one question at a time. Questions and answers are what a structured clone can carry. */
export interface WorkerThread {
  /** Asked first, and once. */
  prepare(task: unknown): Promise<Outcome>;
  work(request: unknown): Promise<Outcome>;
  /** Stops it, whatever it does. */
  end(): Promise<void>;
}

/** What came of a question. */
export type Outcome =
  | { readonly kind: "answered"; readonly answer: unknown }
  /** It threw. */
  | { readonly kind: "failed"; readonly name: string; readonly message: string }
  /** The thread is gone: nobody will answer. */
  | { readonly kind: "died"; readonly reason: string };

/** A question, as it reaches the thread. */
export type Question =
  | { readonly kind: "prepare"; readonly task: unknown }
  | { readonly kind: "work"; readonly request: unknown };
