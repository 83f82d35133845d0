import type { Env } from "../env.ts";
import type { GoalJudgement } from "../goal-env.ts";
import type { Space } from "../space.ts";

/** What a wrapper puts around an environment. `save` and `load` carry its own state, where it has any. */
export interface Layer<O extends Space, A extends Space>
  extends Pick<Env<O, A>, "observationSpace" | "actionSpace" | "reset" | "step"> {
  save?(): unknown;
  load?(saved: unknown): void;
  /** Of a goal environment whose observations and rewards stay as they are. */
  readonly judgement?: GoalJudgement | null;
}

type Inner = Pick<Env, "id" | "snapshot" | "restore" | "render" | "close">;

/** The environment in its wrapper: name, drawing and closing stay, snapshots hold both. */
export function wrap<O extends Space, A extends Space>(env: Inner, layer: Layer<O, A>): Env<O, A> {
  const { observationSpace, actionSpace, reset, step } = layer;
  return {
    id: env.id,
    observationSpace,
    actionSpace,
    reset,
    step,
    ...(env.snapshot && { snapshot: () => ({ env: env.snapshot?.(), layer: layer.save?.() ?? null }) }),
    ...(env.restore && {
      restore(snapshot: unknown) {
        const saved = snapshot as { env: unknown; layer: unknown };
        env.restore?.(saved.env);
        layer.load?.(saved.layer);
      },
    }),
    ...(env.render && { render: () => env.render?.() ?? "" }),
    ...layer.judgement,
    close: () => env.close?.(),
  };
}
