/** The corrective action planner: what to do when a step fails. */
export type { KillSwitch } from "./guard/kill-switch.ts";
export type { Decider, DecisionLog, DecisionRecord, FeatureValue, Mode } from "./record/decision-record.ts";
export { type Episode, episodes, groupEpisodes } from "./record/episodes.ts";
export { type MemoryLog, memoryLog } from "./record/memory-log.ts";
export { parseRecord } from "./record/parse-record.ts";
