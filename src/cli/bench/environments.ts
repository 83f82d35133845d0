import { environments, make } from "../../env/registry.ts";
import { vectorEnv } from "../../env/vector-env.ts";
import { createRandom } from "../../math/random.ts";
import { callsPerSecond } from "./measure.ts";

/** N copies of a task, stepped with random actions and nothing else. */
export interface EnvironmentSpeed {
  readonly environment: string;
  readonly numEnvs: number;
  /** Summed over the copies. */
  readonly stepsPerSecond: number;
}

const copies = [1, 8, 64] as const;

export function environmentSpeeds(seconds: number): EnvironmentSpeed[] {
  return environments().flatMap(({ id }) => copies.map((numEnvs) => environmentSpeed(id, numEnvs, seconds)));
}

function environmentSpeed(environment: string, numEnvs: number, seconds: number): EnvironmentSpeed {
  const envs = vectorEnv(() => make(environment), numEnvs);
  const actions = randomActions(envs.actionSpace, numEnvs * envs.actionSize);
  envs.reset(0);
  let next = 0;
  const rate = callsPerSecond(() => {
    envs.step(actions[next++ % actions.length]);
    if (next % 1024 === 0) envs.drainEpisodes();
  }, seconds);
  envs.close();
  return { environment, numEnvs, stepsPerSecond: rate.median * numEnvs };
}

/** Drawn beforehand, so that drawing is not measured. */
function randomActions(space: ReturnType<typeof make>["actionSpace"], size: number): Float32Array[] {
  const random = createRandom(1);
  const draw = () => {
    if (space.kind === "discrete") return random.integer(space.n);
    if (space.kind === "box") return space.low[0] + random.uniform() * (space.high[0] - space.low[0]);
    throw new TypeError(`bench: no random actions for a space of kind ${space.kind}.`);
  };
  return Array.from({ length: 256 }, () => Float32Array.from({ length: size }, draw));
}
