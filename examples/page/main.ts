/// <reference lib="dom" />
/** Trains PPO on CartPole in the page that shows it. */
import { type Box, type Discrete, make, ppo, type Report, version } from "belay-rl";
import { browserPlatform, download } from "belay-rl/browser";
import { type Actor, createActor, encodePolicy, parametersHash } from "belay-rl/deploy";
import { createCurve } from "./curve.ts";

/** Raffin's RL Baselines3 Zoo has these for CartPole-v1, at 10⁵ steps. */
const options = {
  totalSteps: 100_000,
  numEnvs: 8,
  horizon: 32,
  epochs: 20,
  batchSize: 256,
  lambda: 0.8,
  discount: 0.98,
  learningRate: 1e-3,
  learningRateSchedule: "linear",
  clipRange: 0.2,
  clipRangeSchedule: "linear",
} as const;

const platform = browserPlatform();
const makeEnv = () => make("CartPole-v1");

/** One run: what it trains, what it draws, and how to end it. */
function startRun(seed: number): { pause(): boolean; save(): void; stop(): void } {
  const curve = createCurve(options.totalSteps);
  const training = ppo(makeEnv, { ...options, seed });
  let report: Report<Box, Discrete> | null = null;
  let paused = false;
  let stopped = false;
  let milliseconds = 0;

  async function train(): Promise<void> {
    while (!stopped) {
      if (!paused) {
        const begin = platform.now();
        const { value } = await training.next();
        milliseconds += platform.now() - begin;
        if (!value) break;
        if (!report) perform(createActor(value.policy));
        report = value;
        curve.add(
          report.steps,
          report.episodes.map((episode) => episode.return),
        );
      }
      await (paused ? nextFrame() : platform.breathe());
    }
    await training.return();
  }

  /** Plays episode after episode with the weights of the moment, a step per frame, and draws. */
  function perform(actor: Actor<Box, Discrete>): void {
    const env = makeEnv();
    let { observation } = env.reset({ seed });
    let time = 0;

    requestAnimationFrame(function frame() {
      if (stopped) return;
      const step = env.step(actor.act(observation));
      observation = step.terminated || step.truncated ? env.reset().observation : step.observation;
      time = step.terminated || step.truncated ? 0 : time + 1;
      element("scene").innerHTML = env.render?.() ?? "";
      element("time").textContent = String(time);
      show();
      requestAnimationFrame(frame);
    });
  }

  function show(): void {
    if (!report) return;
    const { steps, totalSteps, metrics, policy } = report;
    element("curve").innerHTML = curve.render();
    element("mean").textContent = curve.mean.toFixed(1);
    element("steps").textContent = steps.toLocaleString("en");
    element("speed").textContent = Math.round((steps / milliseconds) * 1000).toLocaleString("en");
    element("entropy").textContent = (metrics.entropy ?? 0).toFixed(3);
    element("footer").textContent =
      steps < totalSteps
        ? `Seed ${seed}. The arithmetic is done in this tab; nothing is sent anywhere.`
        : `Seed ${seed}, done. Its weights have the hash ${parametersHash(policy.parameters)}, here and on every other engine.`;
  }

  train().catch((error: unknown) => {
    element("footer").textContent = String(error);
    throw error;
  });

  return {
    pause: () => (paused = !paused),
    save() {
      if (!report) return;
      const { policy, steps } = report;
      const hash = parametersHash(policy.parameters);
      const record = {
        algorithm: "ppo",
        environment: "CartPole-v1",
        seed,
        steps,
        options,
        version,
        parametersHash: hash,
      };
      download(encodePolicy(policy, record), "policy.safetensors");
    },
    stop() {
      stopped = true;
    },
  };
}

function nextFrame(): Promise<number> {
  return new Promise(requestAnimationFrame);
}

function element(id: string): HTMLElement {
  return document.getElementById(id)!;
}

let seed = 1;
let run = startRun(seed);

element("pause").onclick = () => {
  element("pause").textContent = run.pause() ? "Go on" : "Pause";
};
element("save").onclick = () => run.save();
element("restart").onclick = () => {
  run.stop();
  run = startRun(++seed);
  element("pause").textContent = "Pause";
};
