import { BreakerOpenError } from "../planner/breaker-open-error.ts";
import type { Planner } from "../planner/create-planner.ts";
import { findSignal } from "../planner/signal.ts";
import type { StepFacts } from "../planner/step-facts.ts";
import { type Repetition, repetition } from "./repetition.ts";

type Controller = { readonly aborted: boolean } | null;

/** Undici's `DispatchHandler`, of which each method is passed through. */
export interface UndiciHandler {
  onRequestStart?(controller: Controller, context: unknown): void;
  onRequestUpgrade?(controller: Controller, statusCode: number, headers: unknown, socket: unknown): void;
  onResponseStart?(controller: Controller, statusCode: number, headers: unknown, statusMessage?: string): void;
  onResponseData?(controller: Controller, chunk: unknown): void;
  onResponseEnd?(controller: Controller, trailers: unknown): void;
  onResponseError?(controller: Controller, error: Error): void;
}

/** Undici's `dispatch`. */
export type UndiciDispatch<Options, Handler> = (options: Options, handler: Handler) => boolean;

/** Undici's `retryOptions.retry`. */
type Retry = (error: Error, context: unknown, callback: (error?: Error | null) => void) => void;

/** Undici's `RetryHandler`. */
export type UndiciRetryHandler<Options, Handler> = new (
  options: Options & { retryOptions?: { retry?: Retry } },
  handlers: { dispatch: UndiciDispatch<Options, Handler>; handler: Handler },
) => Handler;

/** RFC 9110, 9.2.2, and QUERY: they may be sent twice. */
const idempotentMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"]);

/**
 * An interceptor for `compose` of undici, version 7, in the place of its own `interceptors.retry`. It can wait, or give up. What
 * may be sent twice is told by the method, unless `facts` say so.
 */
export function asUndiciRetry<Options extends { readonly method: string }, Handler extends UndiciHandler>(
  RetryHandler: UndiciRetryHandler<Options, Handler>,
  planner: Planner,
  service: string,
  facts: StepFacts = {},
): (dispatch: UndiciDispatch<Options, Handler>) => UndiciDispatch<Options, Handler> {
  return (dispatch) => (options, handler) => {
    const idempotent = facts.idempotent ?? idempotentMethods.has(options.method);
    const request = repetition(planner, service, { ...facts, idempotent }, [options], findSignal([options])?.signal);
    let asked = 0;

    const retry: Retry = (error, _, callback) => {
      asked++;
      request.failed(error).then(() => callback(null), callback);
    };
    const send: UndiciDispatch<Options, Handler> = (again, retrying) =>
      dispatch(again, watched(retrying, request, () => asked) as Handler);

    const retrying = new RetryHandler({ ...options, retryOptions: { retry } }, { dispatch: send, handler });
    if (planner.admits(service)) return send(options, retrying);
    retrying.onResponseError?.(null, new BreakerOpenError(service)); // which asks `retry`
    return true;
  };
}

/** Undici asks about failures only, and not about each: the ends of calls are seen on their way to its handler. */
function watched(handler: UndiciHandler, request: Repetition, asked: () => number): UndiciHandler {
  return {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onRequestUpgrade(controller, statusCode, headers, socket) {
      handler.onRequestUpgrade?.(controller, statusCode, headers, socket);
      request.succeeded();
    },
    onResponseStart: (...response) => handler.onResponseStart?.(...response),
    onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
    onResponseEnd(controller, trailers) {
      handler.onResponseEnd?.(controller, trailers); // throws where the status is a failure
      request.succeeded();
    },
    onResponseError(controller, error) {
      const before = asked();
      handler.onResponseError?.(controller, error);
      if (controller?.aborted && asked() === before) request.aborted();
      else if (asked() === before) request.abandoned(error);
    },
  };
}
