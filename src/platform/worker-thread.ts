import type { Outcome, Question, WorkerThread } from "../algorithm/worker-host.ts";

/** How one runtime talks with a thread. */
interface Wire {
  send(question: Question): void;
  end(): Promise<void>;
}

/** A thread, and where its runtime reports what it said or that it died. */
export interface Line {
  readonly thread: WorkerThread;
  report(outcome: Outcome): void;
}

/** One question at a time; what died answers every question with that. */
export function openLine({ send, end }: Wire): Line {
  let death: Outcome | null = null;
  let settle: ((outcome: Outcome) => void) | null = null;

  function ask(question: Question): Promise<Outcome> {
    if (death) return Promise.resolve(death);
    return new Promise((resolve) => {
      settle = resolve;
      send(question);
    });
  }
  return {
    thread: {
      prepare: (task) => ask({ kind: "prepare", task }),
      work: (request) => ask({ kind: "work", request }),
      end,
    },
    report(outcome) {
      if (outcome.kind === "died") death ??= outcome;
      settle?.(outcome);
      settle = null;
    },
  };
}
