/**
 * An environment of one's own: what to do about a service that fails.
 *
 * The fault is seen, the cure must be learned. A glitch passes, so try again. An overloaded service breaks down under
 * retries, so wait. An outage does not end of itself, so switch to the standby, which always works but costs four times as much.
 */
import { checkEnv, createRandom, type Discrete, discrete, type Env, ppo, timeLimit, train } from "belay-rl";

export const faults = ["glitch", "overload", "outage"] as const;
export const actions = ["retry", "wait", "switch"] as const;

export function flakyService(): Env<Discrete, Discrete> {
  let random = createRandom(0);
  let fault = 0;
  let cured = true;

  /** What an action makes of a fault: null where it is cured. */
  function after(action: (typeof actions)[number]): number | null {
    const luck = random.uniform();
    switch (`${faults[fault]} ${action}` as const) {
      case "glitch retry":
        return luck < 0.8 ? null : 0;
      case "overload retry":
        return luck < 0.1 ? null : 2;
      case "overload wait":
        return luck < 0.5 ? 0 : 1;
      default:
        return action === "switch" ? null : fault;
    }
  }

  return {
    id: "FlakyService-v0",
    observationSpace: discrete(faults.length),
    actionSpace: discrete(actions.length),
    reset({ seed } = {}) {
      if (seed !== undefined) random = createRandom(seed);
      [fault, cured] = [random.integer(faults.length), false];
      return { observation: fault, info: {} };
    },
    step(action) {
      if (cured) throw new Error("FlakyService-v0: step was called outside an episode; call reset first.");
      const next = after(actions[action]);
      [fault, cured] = [next ?? fault, next === null];
      const reward = actions[action] === "switch" ? -4 : -1;
      return { observation: fault, reward, terminated: cured, truncated: false, info: {} };
    },
    snapshot: () => ({ fault, cured, random: random.snapshot() }),
    restore(snapshot) {
      const saved = snapshot as { fault: number; cured: boolean; random: ReturnType<typeof random.snapshot> };
      ({ fault, cured } = saved);
      random.restore(saved.random);
    },
  };
}

/**
 * The best there is. A glitch takes 1 / 0.8 = 1.25 retries. An overload takes 1 / 0.5 = 2 waits and then is a glitch:
 * 3.25, where switching costs 4 and retrying 1 + 0.9 · 4. An outage costs 4. Each fault begins a third of the episodes.
 */
export const optimum = -(1.25 + 3.25 + 4) / 3;

export async function main() {
  const makeEnv = () => timeLimit(flakyService(), 20);
  const findings = checkEnv(makeEnv());
  const { policy, evaluation } = await train(
    ppo,
    makeEnv,
    { seed: 1, totalSteps: 30_000, numEnvs: 8, horizon: 64, learningRate: 3e-3, learningRateSchedule: "linear" },
    { evaluation: { finalEpisodes: 2000 } },
  );
  const plan = Object.fromEntries(faults.map((fault, i) => [fault, actions[policy.act(i)]]));
  return { findings, plan, mean: evaluation.mean, optimum };
}

if (process.argv[1]?.endsWith("custom-environment.ts")) console.log(await main());
