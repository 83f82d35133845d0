import { decodePolicy, encodePolicy } from "../../deploy/policy-file.ts";
import { createRandom, type Random } from "../../math/random.ts";
import { escalate, fetchFrom, retry } from "../action/build.ts";
import { type CallSwitch, callSwitch } from "../guard/kill-switch.ts";
import { memoryState } from "../ladder/memory-state.ts";
import type { StateStore } from "../ladder/state-store.ts";
import { createPlanner } from "../planner/create-planner.ts";
import type { PlannerOptions } from "../planner/options.ts";
import type { DecisionLog } from "../record/decision-record.ts";
import { memoryLog } from "../record/memory-log.ts";
import { runbook } from "../runbook/runbook.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { type TestClock, testClock } from "../test-clock.ts";
import { constantPolicy } from "./constant-policy.ts";
import type { BenchOptions } from "./options.ts";

/** What happened to calls while the planner itself was struck. */
export interface ChaosRow {
  readonly blow: string;
  readonly policyGoesOn: boolean;
  /** Steps called, all of which fail at first. */
  readonly calls: number;
  /** Calls that never came back, or came back twice. */
  readonly lost: number;
  /** Steps whose effect happened twice. */
  readonly doubled: number;
  /** Calls that came back with a wrong answer. */
  readonly wrong: number;
  /** Decisions after the blow that were the policy's turn; where it goes on, all of them. */
  readonly decisions: number;
  /** Of them, those in which the runbook decided, within the same attempt. */
  readonly byRunbook: number;
}

/** What strikes the planner: in what it is made of, from the start, or by something that happens half-way. */
interface Blow {
  readonly name: string;
  /** Whether the policy goes on deciding; otherwise the runbook must. */
  readonly policyGoesOn: boolean;
  readonly fromStart?: true;
  readonly logit?: number;
  options?(strike: Strike): Partial<PlannerOptions>;
  strike?(strike: Strike): void;
}

interface Strike {
  readonly clock: TestClock;
  readonly killSwitch: CallSwitch;
  struck: boolean;
}

function diskFull(): never {
  throw new Error("ENOSPC: no space left on device");
}

const DAY = 86_400_000;

const blows: readonly Blow[] = [
  { name: "none", policyGoesOn: true },
  { name: "weights that are NaN", policyGoesOn: false, fromStart: true, logit: Number.NaN },
  { name: "inference slower than 1 ms", policyGoesOn: false, options: slowOnceStruck },
  { name: "a model that is gone", policyGoesOn: false, fromStart: true, options: withoutModel },
  { name: "a corrupt model", policyGoesOn: false, fromStart: true, options: withCorruptModel },
  { name: "a clock that jumps a day ahead", policyGoesOn: true, strike: ({ clock }) => clock.jump(DAY) },
  { name: "a clock that jumps a day back", policyGoesOn: true, strike: ({ clock }) => clock.jump(-DAY) },
  { name: "a full disk under the log", policyGoesOn: true, options: () => ({ log: fullDisk }) },
  { name: "a full disk under the ladder", policyGoesOn: true, options: unwritableOnceStruck },
  { name: "the kill switch under load", policyGoesOn: false, strike: ({ killSwitch }) => killSwitch.turnOn() },
];

const fullDisk: DecisionLog = { append: diskFull, flush: async () => diskFull(), lost: 0 };

/** Every look at the clock takes 2 ms. */
function slowOnceStruck(strike: Strike): Partial<PlannerOptions> {
  const now = () => {
    if (strike.struck) strike.clock.jump(2);
    return strike.clock.now();
  };
  return { guard: { ...guard, killSwitch: strike.killSwitch, maxInferenceMs: 1 }, clock: { ...strike.clock, now } };
}

function withoutModel(): Partial<PlannerOptions> {
  return { state: { ...memoryState(), loadPolicy: () => Promise.reject(new Error("ENOENT: no such file")) } };
}

/** One byte of the file has changed. */
function withCorruptModel(): Partial<PlannerOptions> {
  const state = memoryState();
  const loadPolicy: StateStore["loadPolicy"] = async (hash) => {
    const policy = await state.loadPolicy(hash);
    const bytes = encodePolicy(policy, policy.training);
    bytes[bytes.length - 1] ^= 1;
    return decodePolicy(bytes);
  };
  return { state: { ...state, loadPolicy } };
}

function unwritableOnceStruck(strike: Strike): Partial<PlannerOptions> {
  const state = memoryState();
  return { state: { ...state, update: async (change) => (strike.struck ? diskFull() : state.update(change)) } };
}

const guard = { breaker: null, retryBudget: null, maxInferenceMs: 1e6 };
const RUNBOOK = "retry:1000";
const POLICY = "retry:0";

/** Strikes the planner in each way while calls are under way: the runbook decides within the same attempt, and no call is lost or doubled. */
export async function benchChaos({ seed, quick, onProgress }: BenchOptions): Promise<readonly ChaosRow[]> {
  const rows: ChaosRow[] = [];
  for (const blow of blows) {
    rows.push(await strikeWith(blow, quick ? 200 : 5000, seed));
    onProgress?.(`Chaos: ${blow.name}`);
  }
  return rows;
}

async function strikeWith(blow: Blow, calls: number, seed: number): Promise<ChaosRow> {
  const strike: Strike = { clock: testClock(), killSwitch: callSwitch(), struck: false };
  const records = memoryLog();
  const tally = { lost: 0, doubled: 0, wrong: 0, decisions: 0, byRunbook: 0 };
  let isAfter = blow.fromStart ?? false;
  const watching: Telemetry = {
    begin: () => ({
      traceId: null,
      attempt({ arm, decider }) {
        if (!isAfter || (arm === "baseline" && !blow.policyGoesOn)) return;
        tally.decisions++;
        if (decider === "fallback" || decider === "baseline") tally.byRunbook++;
      },
      end() {},
    }),
  };
  const planner = createPlanner({
    name: "chaos",
    features: (failure) => ({ error: failure.class }),
    actions: { retry: retry({ delaysMs: [0, 1000] }), backup: fetchFrom(async () => "backup"), giveUp: escalate() },
    baseline: runbook({ "*": [RUNBOOK, "backup"] }),
    guard: { ...guard, killSwitch: strike.killSwitch },
    mode: "on",
    clock: strike.clock,
    log: records,
    telemetry: watching,
    seed,
    ...blow.options?.(strike),
  });
  await planner.adopt(constantPolicy(planner.definition, { [POLICY]: blow.logit ?? 40 }));

  const random = createRandom(seed);
  for (let call = 0; call < calls; call++) {
    if (call === calls >> 1) {
      strike.struck = true;
      isAfter = true;
      blow.strike?.(strike);
    }
    const step = refusingStep(random);
    let answers = 0;
    const answered = planner
      .wrap(
        "service",
        step.call,
      )(call)
      .then(
        (answer) => {
          answers++;
          if (answer !== `answer ${call}` && answer !== "backup") tally.wrong++;
        },
        () => {
          answers++;
        },
      );
    await strike.clock.run(answered);
    if (answers !== 1) tally.lost++;
    if (step.effects > 1) tally.doubled++;
  }
  return { blow: blow.name, policyGoesOn: blow.policyGoesOn, calls, ...tally };
}

/** A step that is refused at first, surely without effect, so that it may be done again; then it is done, or refused once more. */
function refusingStep(random: Random) {
  const step = { effects: 0, call };
  let tries = 0;
  async function call(n: number): Promise<string> {
    if (tries++ === 0 || random.uniform() < 0.3) throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    step.effects++;
    return `answer ${n}`;
  }
  return step;
}
