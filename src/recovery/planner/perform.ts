import type { Clock } from "../clock.ts";
import { BreakerOpenError } from "./breaker-open-error.ts";
import type { Decision, RecoveryEpisode } from "./episode.ts";
import type { Service } from "./service.ts";
import { createController, findSignal, type Signal, withSignal } from "./signal.ts";

/** A function as callers know it. */
export type Call = (...args: readonly unknown[]) => unknown;

/** What a call is made with, beside its arguments. */
export interface Surroundings {
  readonly step: Call;
  readonly self: unknown;
  readonly service: Service;
  readonly clock: Clock;
}

/** Thrown into what is still running when the time is up; callers get the step's own last error. */
export class DeadlineError extends Error {
  override readonly name = "TimeoutError";
}

/**
 * Does what was decided and returns what the step would have. Waits and calls end when the caller's signal is aborted, and at
 * the deadline; a call that takes a signal is given one that says so.
 */
export async function perform(decision: Decision, episode: RecoveryEpisode, around: Surroundings): Promise<unknown> {
  const { clock } = around;
  const place = findSignal(episode.args);
  const controller = createController();
  const outer = place?.signal;
  const follow = () => controller.abort(outer?.reason);
  if (outer?.aborted) follow();
  outer?.addEventListener("abort", follow);
  const cancel = clock.after(Math.max(0, episode.leftMs()), () =>
    controller.abort(new DeadlineError(`${around.service.name}: the deadline has passed.`)),
  );
  try {
    return await Promise.race([act(decision, episode, around, controller.signal), rejection(controller.signal)]);
  } finally {
    cancel();
    outer?.removeEventListener("abort", follow);
  }
}

async function act(
  { choice, waitMs, failure }: Decision,
  episode: RecoveryEpisode,
  around: Surroundings,
  signal: Signal,
): Promise<unknown> {
  const { action } = choice;
  switch (action.kind) {
    case "retry":
      if (waitMs > 0) await sleep(waitMs, around.clock, signal);
      break;
    case "rerun":
      episode.changeArgs([await action.change(episode.args[0] as never, failure), ...episode.args.slice(1)]);
      break;
    case "undoAndReplay":
      await action.undo(failure);
      episode.undone();
      break;
    case "switchTo":
    case "fetchFrom":
      return callWith(action.call as Call, episode, undefined, signal);
    case "escalate":
      throw new TypeError("perform: giving up is no call."); // the planner does it itself
    default:
      throw new TypeError(`perform: unknown action ${JSON.stringify(action satisfies never)}.`);
  }
  return again(episode, around, signal);
}

/** The step once more, if the breaker lets it through. */
async function again(
  episode: RecoveryEpisode,
  { step, self, service, clock }: Surroundings,
  signal: Signal,
): Promise<unknown> {
  if (signal.aborted) throw signal.reason;
  if (!service.admits(clock.now())) throw new BreakerOpenError(service.name);
  return callWith(step, episode, self, signal);
}

async function callWith(call: Call, { args }: RecoveryEpisode, self: unknown, signal: Signal): Promise<unknown> {
  return call.apply(self, withSignal(args, findSignal(args), signal) as unknown[]);
}

function sleep(milliseconds: number, clock: Clock, signal: Signal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, resolve);
    signal.addEventListener("abort", cancel);
  });
}

function rejection(signal: Signal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
