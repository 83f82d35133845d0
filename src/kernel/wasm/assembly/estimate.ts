import { at } from "./lanes";

/** Time runs backwards; the advantage of the step after lies one row below. */
export function gae(
  rewards: usize, values: usize, nextValues: usize, terminated: usize, truncated: usize,
  advantages: usize, returns: usize, T: i32, N: i32, discount: f32, lambda: f32,
): void {
  const decay = discount * lambda;
  for (let t = T - 1; t >= 0; t--) {
    for (let n = 0; n < N; n++) {
      const i = t * N + n;
      const alive: f32 = load<u8>(terminated + i) ? 0 : 1;
      const connected: f32 = t == T - 1 || load<u8>(truncated + i) ? 0 : alive;
      const next: f32 = t == T - 1 ? 0 : load<f32>(at(advantages, i + N));
      const value = load<f32>(at(values, i));
      const delta = load<f32>(at(rewards, i)) + discount * alive * load<f32>(at(nextValues, i)) - value;
      const advantage = delta + decay * connected * next;
      store<f32>(at(advantages, i), advantage);
      store<f32>(at(returns, i), advantage + value);
    }
  }
}
