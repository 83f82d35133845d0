/** The files of a run, see docs/run.md. */
export const CONFIG = "config.json";
/** Who is at work here; there while a run is under way. */
export const LOCK = "run.lock";
export const EVENTS = "events.jsonl";
/** Two take turns, so that while one is written the other is whole. */
export const CHECKPOINTS = ["checkpoint/0.safetensors", "checkpoint/1.safetensors"] as const;
/** The policy at the end of training. */
export const POLICY = "policy.safetensors";
/** The policy that an evaluation liked best. */
export const BEST = "best.safetensors";
/** TensorBoard reads any file with "tfevents" in its name. */
export const TENSORBOARD = "events.out.tfevents.0.belay";
export const REPORT = "report.html";
