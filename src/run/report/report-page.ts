import type { RunConfig } from "../config.ts";
import type { RunEvent } from "../event.ts";
import type { Replay } from "../replay.ts";

export interface ReportContents {
  readonly config: RunConfig;
  readonly events: readonly RunEvent[];
  readonly replay: Replay | null;
  /** Where the run lies. */
  readonly location: string;
}

export function reportPage(_contents: ReportContents): string {
  return "";
}
