import { constant, half, one, two } from "./constant";
import { at, keepUpTo, laneSum, lanesUpTo, splat, storeUpTo } from "./lanes";
import { exponential, exponentialBelow, hyperbolicTangent, logOnePlus, logarithmOfNormal } from "./transcendental";

/** ½ log 2π */
const halfLogTau = memory.data<f32>([0.9189385332046727]);
const log2 = memory.data<f32>([0.6931471805599453]);
/** Log-probability of what must not happen. */
const forbidden = memory.data<f32>([-1e30]);
/** Slopes up to this size become 0, before the layers below make them too small for normal numbers, which are slow. */
const negligible = memory.data<f32>([1e-24]);

/** Four logits, those that are masked or past the group's end made impossible. */
@inline function allowedLogits(logits: usize, masks: usize, i: i32, end: i32): v128 {
  const logit = v128.load(at(logits, i));
  let allowed = lanesUpTo(end - i);
  if (masks) {
    const bytes = v128.load32_zero(masks + i);
    const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
    allowed = v128.andnot(allowed, i32x4.eq(words, i32x4.splat(0)));
  }
  return v128.bitselect(logit, constant(forbidden), allowed);
}

/** The largest lane, in all lanes; a scalar maximum would branch. */
@inline function laneMaximum(v: v128): v128 {
  const pairs = f32x4.pmax(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return f32x4.pmax(pairs, i32x4.shuffle(pairs, pairs, 1, 0, 3, 2));
}

/** H = log Σ e^s − Σ s e^s / Σ e^s, with s the logits less their maximum. */
export function categoricalForward(
  logits: usize, masks: usize, sizes: usize, groups: i32, actions: usize, batch: i32,
  logSoftmax: usize, logProbs: usize, entropies: usize,
): void {
  let start = 0;
  for (let row = 0; row < batch; row++) {
    let logProb: f32 = 0;
    let entropy: f32 = 0;
    for (let group = 0; group < groups; group++) {
      const end = start + load<i32>(at(sizes, group));
      let highest = constant(forbidden);
      for (let i = start; i < end; i += 4) highest = f32x4.pmax(highest, allowedLogits(logits, masks, i, end));
      highest = laneMaximum(highest);

      let sums = splat(0);
      let weighted = splat(0);
      for (let i = start; i < end; i += 4) {
        const s = f32x4.sub(allowedLogits(logits, masks, i, end), highest);
        const e = exponentialBelow(s);
        sums = f32x4.add(sums, e);
        weighted = f32x4.add(weighted, f32x4.mul(e, s));
      }
      const total = laneSum(sums);
      const logTotal = logarithmOfNormal(splat(total)); // 1 ≤ total
      for (let i = start; i < end; i += 4) {
        const s = f32x4.sub(allowedLogits(logits, masks, i, end), highest);
        storeUpTo(at(logSoftmax, i), f32x4.sub(s, logTotal), end - i);
      }
      logProb += load<f32>(at(logSoftmax, start + <i32>load<f32>(at(actions, row * groups + group))));
      entropy += f32x4.extract_lane(logTotal, 0) - laneSum(weighted) / total;
      start = end;
    }
    store<f32>(at(logProbs, row), logProb);
    store<f32>(at(entropies, row), entropy);
  }
}

export function categoricalBackward(
  logSoftmax: usize, sizes: usize, groups: i32, actions: usize, dLogProbs: usize, dEntropies: usize, batch: i32,
  dLogits: usize,
): void {
  let start = 0;
  for (let row = 0; row < batch; row++) {
    const dLogProb = load<f32>(at(dLogProbs, row));
    const dEntropy = load<f32>(at(dEntropies, row));
    for (let group = 0; group < groups; group++) {
      const end = start + load<i32>(at(sizes, group));
      let negativeEntropy = splat(0);
      for (let i = start; i < end; i += 4) {
        const l = v128.load(at(logSoftmax, i));
        negativeEntropy = f32x4.add(negativeEntropy, keepUpTo(f32x4.mul(exponentialBelow(l), l), end - i));
      }
      const entropy = splat(-laneSum(negativeEntropy));
      for (let i = start; i < end; i += 4) {
        const l = v128.load(at(logSoftmax, i));
        const pull = f32x4.add(splat(dLogProb), f32x4.mul(splat(dEntropy), f32x4.add(l, entropy)));
        const slope = f32x4.neg(f32x4.mul(exponentialBelow(l), pull));
        storeUpTo(at(dLogits, i), v128.andnot(slope, f32x4.le(f32x4.abs(slope), constant(negligible))), end - i);
      }
      const chosen = start + <i32>load<f32>(at(actions, row * groups + group));
      if (load<f32>(at(logSoftmax, chosen)) > load<f32>(forbidden)) {
        store<f32>(at(dLogits, chosen), load<f32>(at(dLogits, chosen)) + dLogProb);
      }
      start = end;
    }
  }
}

export function bernoulliForward(
  logits: usize, actions: usize, batch: i32, size: i32, logProbs: usize, entropies: usize,
): void {
  for (let row = 0; row < batch; row++) {
    let logProb = splat(0);
    let entropy = splat(0);
    for (let j = 0; j < size; j += 4) {
      const i = row * size + j;
      const l = v128.load(at(logits, i));
      const magnitude = f32x4.abs(l);
      const small = exponentialBelow(f32x4.neg(magnitude));
      const rest = logOnePlus(small);
      const softplus = f32x4.add(f32x4.pmax(l, splat(0)), rest);
      const chosen = f32x4.sub(f32x4.mul(v128.load(at(actions, i)), l), softplus);
      const odds = f32x4.div(f32x4.mul(magnitude, small), f32x4.add(constant(one), small));
      logProb = f32x4.add(logProb, keepUpTo(chosen, size - j));
      entropy = f32x4.add(entropy, keepUpTo(f32x4.add(rest, odds), size - j));
    }
    store<f32>(at(logProbs, row), laneSum(logProb));
    store<f32>(at(entropies, row), laneSum(entropy));
  }
}

export function bernoulliBackward(
  logits: usize, actions: usize, dLogProbs: usize, dEntropies: usize, batch: i32, size: i32, dLogits: usize,
): void {
  for (let row = 0; row < batch; row++) {
    const dLogProb = splat(load<f32>(at(dLogProbs, row)));
    const dEntropy = splat(load<f32>(at(dEntropies, row)));
    for (let j = 0; j < size; j += 4) {
      const i = row * size + j;
      const l = v128.load(at(logits, i));
      const small = exponentialBelow(f32x4.neg(f32x4.abs(l)));
      const inverse = f32x4.div(constant(one), f32x4.add(constant(one), small));
      const rare = f32x4.mul(small, inverse);
      const p = v128.bitselect(inverse, rare, f32x4.gt(l, splat(0)));
      const surprise = f32x4.mul(dLogProb, f32x4.sub(v128.load(at(actions, i)), p));
      const spread = f32x4.mul(dEntropy, f32x4.mul(l, f32x4.mul(rare, inverse)));
      storeUpTo(at(dLogits, i), f32x4.sub(surprise, spread), size - j);
    }
  }
}

/** Four columns at a time, so that each standard deviation is had once. */
export function gaussianForward(
  mean: usize, logStd: usize, actions: usize, batch: i32, size: i32, logProbs: usize, entropies: usize,
): void {
  for (let j = 0; j < size; j += 4) {
    const width = min(4, size - j);
    const inverseStd = exponential(f32x4.neg(v128.load(at(logStd, j))));
    const spread = laneSum(keepUpTo(v128.load(at(logStd, j)), width)) + <f32>width * load<f32>(halfLogTau);
    for (let row = 0; row < batch; row++) {
      const i = row * size + j;
      const distance = f32x4.sub(v128.load(at(actions, i)), v128.load(at(mean, i)));
      const z = keepUpTo(f32x4.mul(distance, inverseStd), width);
      const logProb: f32 = j == 0 ? 0 : load<f32>(at(logProbs, row));
      const entropy: f32 = j == 0 ? 0 : load<f32>(at(entropies, row));
      store<f32>(at(logProbs, row), logProb - (0.5 * laneSum(f32x4.mul(z, z)) + spread));
      store<f32>(at(entropies, row), entropy + (0.5 * <f32>width + spread));
    }
  }
}

export function gaussianBackward(
  mean: usize, logStd: usize, actions: usize, dLogProbs: usize, dEntropies: usize, batch: i32, size: i32,
  dMean: usize, dLogStd: usize,
): void {
  for (let j = 0; j < size; j += 4) {
    const inverseStd = exponential(f32x4.neg(v128.load(at(logStd, j))));
    let sum = splat(0);
    for (let row = 0; row < batch; row++) {
      const i = row * size + j;
      const dLogProb = v128.load32_splat(at(dLogProbs, row));
      const dEntropy = v128.load32_splat(at(dEntropies, row));
      const z = f32x4.mul(f32x4.sub(v128.load(at(actions, i)), v128.load(at(mean, i))), inverseStd);
      const pull = f32x4.mul(dLogProb, f32x4.sub(f32x4.mul(z, z), constant(one)));
      sum = f32x4.add(sum, f32x4.add(pull, dEntropy));
      storeUpTo(at(dMean, i), f32x4.mul(dLogProb, f32x4.mul(z, inverseStd)), size - j);
    }
    storeUpTo(at(dLogStd, j), sum, size - j);
  }
}

/** log(1 − tanh² u) = 2 (log 2 − |u| − log(1 + e^(−2|u|))) */
@inline function logTanhSlope(u: v128): v128 {
  const magnitude = f32x4.abs(u);
  const rest = logOnePlus(exponentialBelow(f32x4.neg(f32x4.add(magnitude, magnitude))));
  return f32x4.mul(constant(two), f32x4.sub(f32x4.sub(constant(log2), magnitude), rest));
}

export function squashedGaussianForward(
  mean: usize, logStd: usize, noise: usize, batch: i32, size: i32, actions: usize, logProbs: usize,
): void {
  for (let row = 0; row < batch; row++) {
    let sum = splat(0);
    for (let j = 0; j < size; j += 4) {
      const i = row * size + j;
      const spread = v128.load(at(logStd, i));
      const z = v128.load(at(noise, i));
      const u = f32x4.add(v128.load(at(mean, i)), f32x4.mul(exponential(spread), z));
      const halfSquare = f32x4.mul(constant(half), f32x4.mul(z, z));
      const normal = f32x4.add(f32x4.add(halfSquare, spread), constant(halfLogTau));
      sum = f32x4.sub(sum, keepUpTo(f32x4.add(normal, logTanhSlope(u)), size - j));
      storeUpTo(at(actions, i), hyperbolicTangent(u), size - j);
    }
    store<f32>(at(logProbs, row), laneSum(sum));
  }
}

export function squashedGaussianBackward(
  logStd: usize, noise: usize, actions: usize, dActions: usize, dLogProbs: usize, batch: i32, size: i32,
  dMean: usize, dLogStd: usize,
): void {
  for (let row = 0; row < batch; row++) {
    const dLogProb = v128.load32_splat(at(dLogProbs, row));
    for (let j = 0; j < size; j += 4) {
      const i = row * size + j;
      const a = v128.load(at(actions, i));
      const squash = f32x4.mul(v128.load(at(dActions, i)), f32x4.sub(constant(one), f32x4.mul(a, a)));
      const dU = f32x4.add(squash, f32x4.mul(dLogProb, f32x4.add(a, a)));
      const reach = f32x4.mul(exponential(v128.load(at(logStd, i))), v128.load(at(noise, i)));
      storeUpTo(at(dMean, i), dU, size - j);
      storeUpTo(at(dLogStd, i), f32x4.sub(f32x4.mul(dU, reach), dLogProb), size - j);
    }
  }
}
