import type { WeightDiagnostics } from "./diagnostics.ts";
import type { SupportRules } from "./refusal.ts";

/** How sure, and how strict. */
export interface ReportOptions extends SupportRules {
  /** Share of the logs whose interval holds the truth. */
  readonly confidence?: number;
  /** Of the bootstrap. */
  readonly resamples?: number;
  /** Of the bootstrap. */
  readonly seed?: number;
}

/** What a log says of a policy, or why it must not be asked. The estimates of a refused log are there to look at, if any could be made. */
export type OffPolicyReport<Values> =
  | { readonly supported: true; readonly diagnostics: WeightDiagnostics; readonly estimates: Values }
  | {
      readonly supported: false;
      /** Who refused, what came, and what is accepted. */
      readonly reason: string;
      readonly diagnostics: WeightDiagnostics | null;
      readonly estimates: Values | null;
    };
