import type { Planner } from "../planner/create-planner.ts";
import { createController, type Signal } from "../planner/signal.ts";
import type { StepFacts } from "../planner/step-facts.ts";
import { type Event, emitter } from "./event.ts";

/** The engine's AbortSignal, where its types are known. */
type HostSignal = typeof globalThis extends { AbortSignal: { prototype: infer S } } ? S : Signal;

/** What a function under a cockatiel policy is given. */
export interface CockatielContext {
  readonly signal: HostSignal;
  /** 0 at the first call. */
  readonly attempt: number;
}

/** An `IPolicy` of cockatiel, to be composed with others by its `wrap`. */
export interface CockatielPolicy<Alternative = never> {
  readonly _altReturn: Alternative;
  /** Once for each step that was saved or needed no saving. */
  readonly onSuccess: Event<{ readonly duration: number }>;
  /** Once for each step that was given up. */
  readonly onFailure: Event<{
    readonly duration: number;
    readonly handled: boolean;
    readonly reason: { readonly error: Error };
  }>;
  execute<T>(call: (context: CockatielContext) => PromiseLike<T> | T, signal?: HostSignal): Promise<T | Alternative>;
}

/**
 * The planner as a policy of cockatiel, version 3. It calls the function again, takes back first, or gives up. With `only`, other
 * actions are possible, too: their calls get cockatiel's context, for the function's own arguments are hidden from a policy.
 */
export function asCockatielPolicy<Alternative = never>(
  planner: Planner,
  service: string,
  facts: StepFacts = {},
): CockatielPolicy<Alternative> {
  const { clock } = planner;
  const success = emitter<{ duration: number }>();
  const failure = emitter<{ duration: number; handled: boolean; reason: { error: Error } }>();
  const call = planner.wrap(
    service,
    (context: CockatielContext, step: (context: CockatielContext) => unknown) => step(context),
    { only: ["retry", "undoAndReplay"], ...facts },
  );

  return {
    _altReturn: undefined as unknown as Alternative, // for types only, as in cockatiel
    onSuccess: success.event,
    onFailure: failure.event,
    async execute<T>(step: (context: CockatielContext) => PromiseLike<T> | T, signal = neverAborted()) {
      const begin = clock.now();
      let attempt = 0;
      const numbered = (context: CockatielContext) => step({ ...context, attempt: attempt++ });
      try {
        const value = await call({ signal, attempt }, numbered);
        success.emit({ duration: clock.now() - begin });
        return value as T | Alternative;
      } catch (error) {
        failure.emit({ duration: clock.now() - begin, handled: true, reason: { error: error as Error } });
        throw error;
      }
    },
  };
}

function neverAborted(): HostSignal {
  return createController().signal as HostSignal;
}
