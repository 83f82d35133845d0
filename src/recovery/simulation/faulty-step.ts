import type { Random } from "../../math/random.ts";

/** What can go wrong with a call that changes the world, and how often; the rest go well. */
export const faults = {
  /** Refused before anything was done, and the caller can see it. */
  refused: 0.15,
  /** Failed before anything was done; the caller cannot know. */
  before: 0.1,
  /** Done, but the answer was lost. */
  lost: 0.2,
  /** Timed out, and done a while after. */
  late: 0.15,
} as const;

export type Fault = keyof typeof faults;

/** What a caller sees of each fault. */
export const faultErrors: Readonly<Record<Fault, Error>> = {
  refused: Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }),
  before: Object.assign(new Error("HTTP 500"), { status: 500 }),
  lost: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
  late: Object.assign(new Error("connect timed out"), { code: "ETIMEDOUT" }),
};

/** A step that should have its effect once, and whose calls fail in all the ways that calls do. */
export interface FaultyStep {
  /** One call. Null where it succeeded. */
  call(): Fault | null;
  /** Takes back what was done, and sees to it that what is on its way will not be. */
  undo(): void;
  /** Effects in the world once all that is on its way has come. */
  readonly effects: number;
}

export function faultyStep(random: Random): FaultyStep {
  let [happened, onTheirWay] = [0, 0];
  return {
    call() {
      const fault = drawFault(random.uniform());
      if (fault === null || fault === "lost") happened += 1;
      if (fault === "late") onTheirWay += 1;
      return fault;
    },
    undo() {
      happened = 0;
      onTheirWay = 0;
    },
    get effects() {
      return happened + onTheirWay;
    },
  };
}

function drawFault(draw: number): Fault | null {
  let below = 0;
  for (const fault of Object.keys(faults) as Fault[]) {
    below += faults[fault];
    if (draw < below) return fault;
  }
  return null;
}
