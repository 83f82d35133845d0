import { createBreather, hostPlatform } from "../../run/platform.ts";
import type { Exploration } from "../behaviour.ts";
import type { Definition } from "../definition.ts";
import type { LadderOutcome, Promotion } from "../ladder/event.ts";
import type { Ladder } from "../ladder/ladder.ts";
import type { DecisionRecord, Mode } from "../record/decision-record.ts";
import { evaluatingRows, type LogReport } from "./evaluate-log.ts";
import { type LearnedFromLog, type LogLearningOptions, learningFromRows } from "./learn-from-log.ts";
import { encodingRows, type LogRows } from "./log-rows.ts";
import { inPieces } from "./pieces.ts";
import { recentEpisodes } from "./recent-episodes.ts";

export const improveDefaults = {
  /** Episodes between one attempt to learn and the next. */
  everyEpisodes: 2000,
  /** The latest of them are learned from. */
  keepEpisodes: 20_000,
  /** Share of the episodes that a candidate decides while it is tested. */
  canaryShare: 0.2,
  /** A candidate whose test has said nothing after so many episodes makes room for the next. */
  canaryEpisodes: 50_000,
  /** What changes fewer of the decisions than this is not worth a test. */
  minChanged: 0.01,
};

export interface ImproveOptions extends Partial<typeof improveDefaults> {
  readonly learn?: Partial<LogLearningOptions>;
  readonly onEvent?: (event: ImproveEvent) => void;
}

/** What came of an attempt. */
export type ImproveEvent =
  /** Nothing to be gained, or nothing to learn from, and why. */
  | { readonly kind: "nothing"; readonly reason: string }
  /** The log finds it worse than the runbook: it is dropped. */
  | { readonly kind: "vetoed"; readonly policyHash: string; readonly report: LogReport }
  /** It is the candidate now, on its way to a canary. */
  | { readonly kind: "candidate"; readonly policyHash: string; readonly changed: number; readonly report: LogReport }
  /** Its test has begun. */
  | { readonly kind: "canary"; readonly policyHash: string | null }
  /** Its test said nothing for too long. */
  | { readonly kind: "undecided"; readonly policyHash: string | null }
  | { readonly kind: "fault"; readonly fault: unknown };

/** A planner that learns while it works. */
export interface Improvement {
  readonly status: "listening" | "learning" | "stopped";
  /** Resolves when no attempt is under way. */
  readonly idle: Promise<void>;
  /** An attempt under way ends without a candidate; the ladder stays as it is. */
  stop(): void;
}

/** What an improvement needs of its planner. */
export interface ImproveHost {
  readonly definition: Definition;
  readonly exploration: Exploration;
  readonly ladder: () => Ladder;
  /** Makes a policy the candidate, no higher than shadow. */
  readonly adopt: (file: Uint8Array) => Promise<LadderOutcome>;
  readonly promote: (promotion: Promotion) => Promise<LadderOutcome>;
  readonly rollBack: (reason: string, to?: Mode) => Promise<LadderOutcome>;
  /** Tells of every decision from now on. Returns what ends that. */
  readonly listen: (listener: (record: DecisionRecord) => void) => () => void;
  /** `learningFromRows` unless given. */
  readonly learner?: (rows: LogRows, seed: number) => Generator<void, LearnedFromLog, void>;
}

/** Episodes between two looks at a ladder that is not ready yet. */
const LOOK = 50;
/** The longest wait, in usual ones. */
const MOST = 16;
/** Milliseconds of work between two breaths. */
const BREATH = 8;
/** Of each decision, the policy's share that the log is asked about: of more it soon knows nothing. */
const ASKED = 0.2;
/** Share of the episodes, the latest, that it is asked about: what taught a policy praises it. */
const HELD_OUT = 0.25;
/** No more than these, for what is said of them is said in one piece. */
const MOST_ASKED = 5000;

/**
 * Learns from what the planner logs, again and again, and lets the ladder judge: the log may veto a candidate, the canary's
 * test alone lets it on. What is on is left alone until it is sent back, by its drift watch or by hand; then learning goes on.
 */
export function improveOnline(host: ImproveHost, options: ImproveOptions = {}): Improvement {
  const { learn = {}, onEvent, ...given } = options;
  const config = { ...improveDefaults, ...given };
  const { definition, ladder } = host;
  requirePossible(definition.name, host.exploration, config);
  const recent = recentEpisodes(config.keepEpisodes);
  const breathe = createBreather(hostPlatform(), BREATH);
  let status: Improvement["status"] = "listening";
  let idle: Promise<void> = Promise.resolve();
  let attempts = 0;
  let ended = 0;
  /** Episodes to the next attempt: after a candidate that was sent back, twice as many. */
  let patience = config.everyEpisodes;
  /** The candidate that waits for its canary, with what the log says of it. */
  let waiting: { readonly policyHash: string; readonly report: LogReport } | null = null;

  const tell = (event: ImproveEvent) => onEvent?.(event);
  const isStopped = () => status === "stopped";

  function heard(record: DecisionRecord): void {
    recent.add(record);
    if (!record.terminal || status !== "listening") return;
    ended += 1;
    if (ended % LOOK === 0 && waiting) begin(climb);
    else if (ended % LOOK === 0 && ladder().mode === "canary") begin(judge);
    else if (ended >= patience && !waiting && !isTried(ladder().mode) && !isHeld(ladder())) begin(attempt);
  }

  /** One thing at a time. */
  function begin(work: () => Promise<void>): void {
    status = "learning";
    idle = work()
      .catch((fault) => tell({ kind: "fault", fault }))
      .then(() => {
        if (!isStopped()) status = "listening";
      });
  }

  async function attempt(): Promise<void> {
    ended = 0;
    patience = ladder().setback === null ? config.everyEpisodes : Math.min(2 * patience, MOST * config.everyEpisodes);
    const episodes = recent.since(lastDrift(ladder()));
    const heldOut = Math.min(MOST_ASKED, Math.floor(HELD_OUT * episodes.length));
    const taught = episodes.slice(0, episodes.length - heldOut);
    const rows = await inPieces(encodingRows(definition, taught), breathe);
    const { minDecisions = 500 } = learn;
    if (rows.size < minDecisions) return tell({ kind: "nothing", reason: `${rows.size} decisions are too few` });
    const seed = (learn.seed ?? 0) + attempts++;
    const work = host.learner?.(rows, seed) ?? learningFromRows(definition, rows, { ...learn, seed });
    const { policy, file, changed } = await inPieces(stoppable(work, isStopped), breathe);
    if (changed < config.minChanged) {
      return tell({ kind: "nothing", reason: `the log shows no gain in more than ${changed} of the decisions` });
    }
    const latest = await inPieces(encodingRows(definition, episodes.slice(taught.length)), breathe);
    const question = { share: ASKED, resamples: 1, modelRows: 1000 };
    const report = await inPieces(stoppable(evaluatingRows(definition, latest, policy, question), isStopped), breathe);
    const { hash: policyHash } = policy;
    if (report.uplift && report.uplift.upper95 < 0) return tell({ kind: "vetoed", policyHash, report });
    const adopted = await host.adopt(file);
    if (adopted.kind === "refused") return tell({ kind: "nothing", reason: adopted.reason });
    waiting = { policyHash, report };
    tell({ kind: "candidate", policyHash, changed, report });
    await climb();
  }

  /** From observe to shadow, and to its canary as soon as the ladder lets it. */
  async function climb(): Promise<void> {
    if (!waiting) return;
    const { policyHash, report: evidence } = waiting;
    const isTakenOver = ladder().policyHash !== policyHash || isHeld(ladder());
    if (isTakenOver) waiting = null;
    else if (ladder().mode === "observe") await host.promote({ to: "shadow" });
    if (isTakenOver || ladder().mode !== "shadow") return;
    const { canaryShare } = config;
    const outcome = await host.promote({ to: "canary", canaryShare, automatic: true, evidence });
    if (outcome.kind !== "moved") return; // asked again later: a while in shadow does too
    waiting = null;
    ended = 0;
    tell({ kind: "canary", policyHash });
  }

  async function judge(): Promise<void> {
    const { episodes, policyHash } = ladder();
    if (episodes < config.canaryEpisodes) return;
    await host.rollBack(`undecided after ${episodes} episodes`, "shadow");
    tell({ kind: "undecided", policyHash });
  }

  const unlisten = host.listen(heard);
  return {
    get status() {
      return status;
    },
    get idle() {
      return idle;
    },
    stop() {
      status = "stopped";
      unlisten();
    },
  };
}

function requirePossible(name: string, { epsilon }: Exploration, config: typeof improveDefaults): void {
  if (!(epsilon > 0)) {
    throw new RangeError(
      `improve: ${name} must explore, or its log knows only what is done already: explore.epsilon must be above 0, got ${epsilon}.`,
    );
  }
  for (const option of ["everyEpisodes", "keepEpisodes", "canaryEpisodes"] as const) {
    if (Number.isSafeInteger(config[option]) && config[option] > 0) continue;
    throw new RangeError(`improve: ${option} must be a positive integer, got ${config[option]}.`);
  }
  if (!(config.canaryShare > 0 && config.canaryShare < 1)) {
    throw new RangeError(`improve: canaryShare must lie in (0, 1), got ${config.canaryShare}.`);
  }
}

/** Whether a policy is being tried, or has been let on. */
function isTried(mode: Mode): boolean {
  return mode === "canary" || mode === "on";
}

/** Whether somebody took the policy out of service: nobody but he puts one back. */
function isHeld({ mode, history }: Ladder): boolean {
  return mode === "observe" && /^(kill|rollback):/.test(history.at(-1)?.reason ?? "");
}

/** When the world last changed, as far as anyone noticed: what was logged before is of another one. */
function lastDrift({ history }: Ladder): number {
  return history.findLast(({ reason }) => reason.startsWith("drift:"))?.time ?? -Infinity;
}

function* stoppable<T>(work: Generator<void, T, void>, isStopped: () => boolean): Generator<void, T, void> {
  for (;;) {
    const piece = work.next();
    if (piece.done) return piece.value;
    if (isStopped()) throw new Error("improve: stopped.");
    yield;
  }
}
