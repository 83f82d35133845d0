import type { Definition } from "../definition.ts";
import type { ExplainerOptions } from "../explain/explain.ts";
import type { Explanation } from "../explain/explanation.ts";
import type { LogQuestion, LogReport } from "../learn/evaluate-log.ts";
import type { ImproveHost, Improvement, ImproveOptions } from "../learn/improve-online.ts";
import type { LearnedFromLog, LogLearningOptions } from "../learn/learn-from-log.ts";
import type { Pretrained, PretrainOptions } from "../learn/pretrain.ts";
import type { RecoveryPolicy } from "../policy.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import type { ExportedRunbook, ExportOptions } from "../runbook/export/export-runbook.ts";
import type { Runbook } from "../runbook/runbook.ts";
import type { Simulator } from "../simulation/simulator.ts";

/** A log, from wherever: an array, `memoryLog().records`, `readDecisions(path)`. */
export type Records = Iterable<DecisionRecord> | AsyncIterable<DecisionRecord>;

/** How a planner learns and tells what it learned. What it takes is loaded when it is first asked for. */
export interface Learning {
  /** Learns from simulated failures, and makes what was learned the candidate. */
  pretrain(simulator: Simulator, options?: PretrainOptions): Promise<Pretrained>;
  /** Learns from a log, leaving the runbook only where the log shows that it pays, and makes that the candidate. */
  learn(records: Records, options?: Partial<LogLearningOptions>): Promise<LearnedFromLog>;
  /** Learns again and again from what this planner logs, a few milliseconds at a time; the ladder's canary decides what comes on. */
  improve(options?: ImproveOptions): Promise<Improvement>;
  /** What a log says of the candidate, or of another policy, against the runbook. */
  evaluate(records: Records, question?: LogQuestion & { readonly candidate?: RecoveryPolicy }): Promise<LogReport>;
  /** The candidate as a table that a person can read and merge; from a simulator, with what is lost by writing it down. */
  exportRunbook(source: Simulator | Records, options?: ExportOptions): Promise<ExportedRunbook>;
  /** Why the candidate decides a logged failure as it does; `reference` are other decisions to compare with. */
  explain(record: DecisionRecord, reference: ExplainerOptions["reference"]): Promise<Explanation>;
}

interface LearningHost {
  readonly definition: Definition;
  readonly baseline: Runbook;
  policy(): RecoveryPolicy | null;
  adopt(file: Uint8Array): Promise<unknown>;
  readonly improvable: ImproveHost;
}

export function createLearning({ definition, baseline, policy, adopt, improvable }: LearningHost): Learning {
  function candidate(who: string): RecoveryPolicy {
    const learned = policy();
    if (learned) return learned;
    throw new Error(`${who}: ${definition.name} has no policy yet: pretrain, learn or adopt one first.`);
  }

  return {
    async pretrain(simulator, options) {
      const { pretrain } = await import("../learn/pretrain.ts");
      const learned = await pretrain(definition, simulator, options);
      await adopt(learned.file);
      return learned;
    },
    async learn(records, options) {
      const { learnFromLog } = await import("../learn/learn-from-log.ts");
      const learned = learnFromLog(definition, await gathered(records), options);
      await adopt(learned.file);
      return learned;
    },
    async improve(options) {
      const { improveOnline } = await import("../learn/improve-online.ts");
      return improveOnline(improvable, options);
    },
    async evaluate(records, { candidate: other, ...question } = {}) {
      const asked = other ?? candidate("evaluate");
      const { evaluateLog } = await import("../learn/evaluate-log.ts");
      return evaluateLog(definition, await gathered(records), asked, question);
    },
    async exportRunbook(source, given = {}) {
      const options = { otherwise: baseline, ...given };
      const learned = candidate("exportRunbook");
      const { exportRunbook, exportRunbookFromLog } = await import("../runbook/export/export-runbook.ts");
      const { adviceOf } = await import("../runbook/export/visit.ts");
      if ("start" in source) return exportRunbook(definition, adviceOf(definition, learned), source, options);
      return exportRunbookFromLog(definition, await gathered(source), options);
    },
    async explain(record, reference) {
      const learned = candidate("explain");
      const { createExplainer } = await import("../explain/explain.ts");
      return createExplainer({ definition, policy: learned, reference, runbook: baseline }).record(record);
    },
  };
}

async function gathered(records: Records): Promise<DecisionRecord[]> {
  const all: DecisionRecord[] = [];
  for await (const record of records) all.push(record);
  return all;
}
