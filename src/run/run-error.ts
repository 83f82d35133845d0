import type { Stage } from "./event.ts";

interface RunErrorOptions extends ErrorOptions {
  readonly stage?: Stage;
}

/** A run was refused or has failed; the message says where and why. */
export class RunError extends Error {
  override readonly name = "RunError";
  /** What the run was about; null where none was under way. */
  readonly stage: Stage | null;

  constructor(message: string, { stage, ...options }: RunErrorOptions = {}) {
    super(message, options);
    this.stage = stage ?? null;
  }
}
