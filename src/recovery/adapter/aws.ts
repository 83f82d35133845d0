import type { Symptom } from "../failure.ts";
import type { Planner } from "../planner/create-planner.ts";
import type { StepFacts } from "../planner/step-facts.ts";
import { type Repetition, repetition } from "./repetition.ts";

/** The SDK's `RetryToken`. */
export interface AwsRetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
  readonly $retryLog?: { readonly acquisitionDelay?: number };
}

/** The SDK's `RetryErrorInfo`. */
export interface AwsErrorInfo {
  readonly error?: unknown;
  readonly errorType: "TRANSIENT" | "THROTTLING" | "SERVER_ERROR" | "CLIENT_ERROR";
  readonly retryAfterHint?: { getTime(): number };
}

/** The SDK's `RetryStrategyV2`. */
export interface AwsRetryStrategy {
  readonly mode: string;
  acquireInitialRetryToken(scope: string): Promise<AwsRetryToken>;
  refreshRetryTokenForRetry(token: AwsRetryToken, info: AwsErrorInfo): Promise<AwsRetryToken>;
  recordSuccess(token: AwsRetryToken): void;
}

/**
 * The planner as `retryStrategy` of a client of AWS's SDK for JavaScript, version 3. It can wait, or give up. A throttled request
 * had no effect; any other is sent again only where `facts` say that it may be.
 */
export function asAwsRetryStrategy(planner: Planner, service: string, facts: StepFacts = {}): AwsRetryStrategy {
  const requests = new WeakMap<AwsRetryToken, Repetition>();
  const { clock } = planner;

  /** The SDK sleeps no more where a token has no delay; what was slept already is told beside it. */
  function tokenOf(request: Repetition, retries: number, acquisitionDelay: number): AwsRetryToken {
    const token = { getRetryCount: () => retries, getRetryDelay: () => 0, $retryLog: { acquisitionDelay } };
    requests.set(token, request);
    return token;
  }

  function requestOf(token: AwsRetryToken): Repetition {
    const request = requests.get(token);
    if (request) return request;
    throw new TypeError("asAwsRetryStrategy: token must be one that this strategy gave, got another.");
  }

  return {
    mode: "belay",
    async acquireInitialRetryToken() {
      const begin = clock.now();
      const request = repetition(planner, service, facts);
      await request.admitted();
      return tokenOf(request, 0, clock.now() - begin);
    },
    async refreshRetryTokenForRetry(token, info) {
      const begin = clock.now();
      const request = requestOf(token);
      await request.failed(info.error, seenBy(info, clock.wall()));
      return tokenOf(request, token.getRetryCount() + 1, clock.now() - begin);
    },
    recordSuccess: (token) => requestOf(token).succeeded(),
  };
}

/** What the SDK knows of an error: throttling comes with many names and statuses. */
function seenBy({ errorType, retryAfterHint }: AwsErrorInfo, wallMs: number): Partial<Symptom> {
  return {
    ...(errorType === "THROTTLING" && { class: "429", effect: "none" as const }),
    ...(retryAfterHint && { retryAfterMs: Math.max(0, retryAfterHint.getTime() - wallMs) }),
  };
}
