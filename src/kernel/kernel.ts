/**
 * The hot loops of learning, over arrays that live in the kernel's own memory.
 *
 * Two kernels do the same: `referenceKernel`, plain TypeScript, is the truth; `wasmKernel`, SIMD, is the fast one.
 * Layout, everywhere: row-major; a weight matrix is [inputs, outputs]; a batch is [batch, size].
 * No function allocates, and none keeps a reference to what it is given.
 * Every array passed in must come from this kernel's `float32`, `uint8` or `int32` (or be a subarray of one).
 */
export interface Kernel {
  /** "reference", "wasm", or "wasm" with what helps it. */
  readonly name: string;

  /** Zeroed numbers in kernel memory, aligned to 64 bytes. Memory is reserved once and never moves: views stay valid. */
  float32(length: number): Float32Array;
  uint8(length: number): Uint8Array;
  int32(length: number): Int32Array;
  /** Bytes handed out so far. */
  readonly bytesUsed: number;

  // ── dense layers ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** y = f(x W + b). x [batch, inputs], W [inputs, outputs], b [outputs], y [batch, outputs]. */
  denseForward(
    x: Float32Array,
    weights: Float32Array,
    bias: Float32Array,
    y: Float32Array,
    batch: number,
    inputs: number,
    outputs: number,
    activation: Activation,
  ): void;

  /** dW = xᵀ dz and db = Σ_batch dz, both overwritten, where z = x W + b is the layer before its activation. */
  denseBackwardWeights(
    x: Float32Array,
    dz: Float32Array,
    dWeights: Float32Array,
    dBias: Float32Array,
    batch: number,
    inputs: number,
    outputs: number,
  ): void;

  /**
   * dx = (dz Wᵀ) ⊙ f′(x), where f is the activation that made x and f′ is computed from x itself ("identity": dx = dz Wᵀ).
   * With `accumulate`, adds to dx instead of overwriting it.
   */
  denseBackwardInput(
    dz: Float32Array,
    weights: Float32Array,
    x: Float32Array,
    dx: Float32Array,
    batch: number,
    inputs: number,
    outputs: number,
    activation: Activation,
    accumulate: boolean,
  ): void;

  /** Directional derivative: ẏ = f′(y) ⊙ (ẋ W + x Ẇ + ḃ), with f′ computed from y = f(x W + b). Without `xDot` (the first layer), ẋ = 0. */
  denseJvp(
    x: Float32Array,
    xDot: Float32Array | null,
    weights: Float32Array,
    weightsDot: Float32Array,
    biasDot: Float32Array,
    y: Float32Array,
    yDot: Float32Array,
    batch: number,
    inputs: number,
    outputs: number,
    activation: Activation,
  ): void;

  /** y ← f(y + b), what is left of a forward pass where y = x W came from elsewhere. y [rows, columns], b [columns]. */
  biasActivate(y: Float32Array, bias: Float32Array, rows: number, columns: number, activation: Activation): void;

  /** dz = dy ⊙ f′(y), in place on dy, with f′ computed from y. */
  activationBackward(y: Float32Array, dy: Float32Array, activation: Activation): void;

  // ── vectors ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** out[j] = Σᵢ x[i, j]. */
  columnSums(x: Float32Array, out: Float32Array, rows: number, columns: number): void;
  /** Σ x² */
  squaredNorm(x: Float32Array): number;
  /** y += a x */
  addScaled(y: Float32Array, a: number, x: Float32Array): void;
  /** x *= a */
  scale(x: Float32Array, a: number): void;
  /** target += τ (source − target) */
  polyak(target: Float32Array, source: Float32Array, tau: number): void;
  /** out[i] = source[indices[i]], row by row. source [·, size], out [count, size]. */
  gatherRows(source: Float32Array, indices: Int32Array, out: Float32Array, count: number, size: number): void;
  /** x ← (x − mean) / (standard deviation + 1e-8), with the n − 1 deviation; a single number becomes 0. */
  standardize(x: Float32Array): void;
  /** out = clip((x − mean) · inverseDeviation, ±limit), by column. x, out [rows, columns]; mean, inverseDeviation [columns]. */
  normalizeColumns(
    x: Float32Array,
    mean: Float32Array,
    inverseDeviation: Float32Array,
    limit: number,
    out: Float32Array,
    rows: number,
    columns: number,
  ): void;
  /** Element by element, the deterministic functions: exp and log within 1e-7 relative, tanh within 4e-7, never beyond ±1. */
  exp(x: Float32Array, out: Float32Array): void;
  log(x: Float32Array, out: Float32Array): void;
  tanh(x: Float32Array, out: Float32Array): void;
  /** sin and cos are within 1e-7 absolute up to |x| = 10⁴; far beyond that they mean nothing. */
  sin(x: Float32Array, out: Float32Array): void;
  cos(x: Float32Array, out: Float32Array): void;

  // ── optimisers: one pass over all parameters; the gradient is first multiplied by `gradientScale` ─────────────────
  // Moments below 1e-30 become 0, in rmsProp at every step and in adam at every 32nd: none decays into slow subnormals.

  /** Kingma & Ba 2015, Algorithm 1. `step` counts from 1. p −= α m̂ / (√v̂ + ε). */
  adam(
    parameters: Float32Array,
    gradients: Float32Array,
    firstMoment: Float32Array,
    secondMoment: Float32Array,
    step: number,
    learningRate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    gradientScale: number,
  ): void;
  /** v ← ρ v + (1 − ρ) g²; p −= α g / (√v + ε), or with `epsilonInside` p −= α g / √(v + ε). */
  rmsProp(
    parameters: Float32Array,
    gradients: Float32Array,
    meanSquare: Float32Array,
    learningRate: number,
    decay: number,
    epsilon: number,
    epsilonInside: boolean,
    gradientScale: number,
  ): void;
  /** p −= α g */
  sgd(parameters: Float32Array, gradients: Float32Array, learningRate: number, gradientScale: number): void;

  // ── estimates ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Schulman et al. 2016, eq. 11 and 12, time-major [T, N]. δ = r + γ (1 − terminated) V(s′) − V(s);
   * Â = δ + γ λ (1 − terminated)(1 − truncated) Â′; returns = Â + V(s).
   */
  gae(
    rewards: Float32Array,
    values: Float32Array,
    nextValues: Float32Array,
    terminated: Uint8Array,
    truncated: Uint8Array,
    advantages: Float32Array,
    returns: Float32Array,
    T: number,
    N: number,
    discount: number,
    lambda: number,
  ): void;

  // ── distributions ─────────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Products of categoricals. logits [batch, Σ sizes], actions [batch, sizes.length] hold indices from 0.
   * `masks` [batch, Σ sizes], 0 where an action is forbidden, or null: a forbidden logit gets probability 0.
   * Writes logSoftmax [batch, Σ sizes] (−1e30 where forbidden), and per row the summed log-probability and entropy.
   */
  categoricalForward(
    logits: Float32Array,
    masks: Uint8Array | null,
    sizes: Int32Array,
    actions: Float32Array,
    batch: number,
    logSoftmax: Float32Array,
    logProbs: Float32Array,
    entropies: Float32Array,
  ): void;
  /** dLogits from the rows' dLogProbs and dEntropies, [batch] each; overwrites. Slopes of at most 1e-24 become 0. */
  categoricalBackward(
    logSoftmax: Float32Array,
    sizes: Int32Array,
    actions: Float32Array,
    dLogProbs: Float32Array,
    dEntropies: Float32Array,
    batch: number,
    dLogits: Float32Array,
  ): void;

  /** Independent switches. logits, actions [batch, size]. */
  bernoulliForward(
    logits: Float32Array,
    actions: Float32Array,
    batch: number,
    size: number,
    logProbs: Float32Array,
    entropies: Float32Array,
  ): void;
  bernoulliBackward(
    logits: Float32Array,
    actions: Float32Array,
    dLogProbs: Float32Array,
    dEntropies: Float32Array,
    batch: number,
    size: number,
    dLogits: Float32Array,
  ): void;

  /** Diagonal Gaussian whose log standard deviation does not depend on the state. mean, actions [batch, size], logStd [size]. */
  gaussianForward(
    mean: Float32Array,
    logStd: Float32Array,
    actions: Float32Array,
    batch: number,
    size: number,
    logProbs: Float32Array,
    entropies: Float32Array,
  ): void;
  /** Overwrites dMean [batch, size] and dLogStd [size]. */
  gaussianBackward(
    mean: Float32Array,
    logStd: Float32Array,
    actions: Float32Array,
    dLogProbs: Float32Array,
    dEntropies: Float32Array,
    batch: number,
    size: number,
    dMean: Float32Array,
    dLogStd: Float32Array,
  ): void;

  /**
   * a = tanh(u), u = mean + exp(logStd) ⊙ noise, everything [batch, size];
   * log π(a) = Σ log N(u) − Σ log(1 − tanh² u), the latter exactly: 2 (log 2 − u − softplus(−2u)).
   */
  squashedGaussianForward(
    mean: Float32Array,
    logStd: Float32Array,
    noise: Float32Array,
    batch: number,
    size: number,
    actions: Float32Array,
    logProbs: Float32Array,
  ): void;
  /** Reparameterised gradient, the noise held fixed; dActions [batch, size], dLogProbs [batch]; overwrites dMean and dLogStd [batch, size]. */
  squashedGaussianBackward(
    logStd: Float32Array,
    noise: Float32Array,
    actions: Float32Array,
    dActions: Float32Array,
    dLogProbs: Float32Array,
    batch: number,
    size: number,
    dMean: Float32Array,
    dLogStd: Float32Array,
  ): void;
}

/** Makes a kernel with room for so many bytes of arrays. */
export type MakeKernel = (room: { readonly bytes: number }) => Kernel;

/** What a layer applies to each sum. Each derivative can be had from the output alone. */
export type Activation = "identity" | "tanh" | "relu" | "elu";
