/** The corrective action planner in Node: its log, its ladder and its runbooks in files, and its kill switches. */
export * from "../../../recovery/index.ts";
export { type JsonlOptions, jsonl } from "./decision-log.ts";
export { envFlag, type FileFlagOptions, fileFlag } from "./kill-switch.ts";
export { type DecisionReader, type ReadOptions, readDecisions } from "./read-decisions.ts";
export { runbookFile } from "./runbook-file.ts";
export { type StateFolderOptions, stateFolder } from "./state-folder.ts";
