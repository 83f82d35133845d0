/** A byte offset into the kernel's memory. */
type Pointer = number;

/** A pass for `rows` rows of its result from row `first` on; the rest is the pass's own. */
export type RowsPass = (first: number, rows: number, ...rest: number[]) => void;

/** The passes that threads can share. */
export interface RowsPasses {
  /** …, x, weights, bias, y, inputs, outputs, activation */
  readonly forwardRows: RowsPass;
  /** …, x, dz, dWeights, batch, inputs, outputs: dW alone, and for more than three outputs. */
  readonly weightRows: RowsPass;
  /** …, dz, weights, x, dx, inputs, outputs, activation, accumulate */
  readonly inputRows: RowsPass;
  /** …, x, xDot or 0, weights, weightsDot, biasDot, y, yDot, inputs, outputs, activation */
  readonly jvpRows: RowsPass;
  /** …, and what `adam` takes but n */
  readonly adamRows: RowsPass;
}

/** What assembly/index.ts exports. */
export interface WasmExports extends RowsPasses {
  /** Where the first array may start. */
  readonly scratchEnd: { readonly value: number };
  /** Of each thread. */
  readonly scratchBytes: { readonly value: number };
  useScratch(at: Pointer): void;
  /** Floating-point operations of one tile run. */
  readonly tileOperations: { readonly value: number };
  activationBackward(y: Pointer, dy: Pointer, n: number, activation: number): void;
  biasActivate(y: Pointer, bias: Pointer, rows: number, columns: number, activation: number): void;
  denseBackwardInput(
    dz: Pointer,
    weights: Pointer,
    x: Pointer,
    dx: Pointer,
    batch: number,
    inputs: number,
    outputs: number,
    activation: number,
    accumulate: boolean,
  ): void;
  denseBackwardWeights(
    x: Pointer,
    dz: Pointer,
    dWeights: Pointer,
    dBias: Pointer,
    batch: number,
    inputs: number,
    outputs: number,
  ): void;
  denseForward(
    x: Pointer,
    weights: Pointer,
    bias: Pointer,
    y: Pointer,
    batch: number,
    inputs: number,
    outputs: number,
    activation: number,
  ): void;
  denseJvp(
    x: Pointer,
    xDot: Pointer,
    weights: Pointer,
    weightsDot: Pointer,
    biasDot: Pointer,
    y: Pointer,
    yDot: Pointer,
    batch: number,
    inputs: number,
    outputs: number,
    activation: number,
  ): void;
  bernoulliBackward(
    logits: Pointer,
    actions: Pointer,
    dLogProbs: Pointer,
    dEntropies: Pointer,
    batch: number,
    size: number,
    dLogits: Pointer,
  ): void;
  bernoulliForward(
    logits: Pointer,
    actions: Pointer,
    batch: number,
    size: number,
    logProbs: Pointer,
    entropies: Pointer,
  ): void;
  categoricalBackward(
    logSoftmax: Pointer,
    sizes: Pointer,
    groups: number,
    actions: Pointer,
    dLogProbs: Pointer,
    dEntropies: Pointer,
    batch: number,
    dLogits: Pointer,
  ): void;
  categoricalForward(
    logits: Pointer,
    masks: Pointer,
    sizes: Pointer,
    groups: number,
    actions: Pointer,
    batch: number,
    logSoftmax: Pointer,
    logProbs: Pointer,
    entropies: Pointer,
  ): void;
  gaussianBackward(
    mean: Pointer,
    logStd: Pointer,
    actions: Pointer,
    dLogProbs: Pointer,
    dEntropies: Pointer,
    batch: number,
    size: number,
    dMean: Pointer,
    dLogStd: Pointer,
  ): void;
  gaussianForward(
    mean: Pointer,
    logStd: Pointer,
    actions: Pointer,
    batch: number,
    size: number,
    logProbs: Pointer,
    entropies: Pointer,
  ): void;
  squashedGaussianBackward(
    logStd: Pointer,
    noise: Pointer,
    actions: Pointer,
    dActions: Pointer,
    dLogProbs: Pointer,
    batch: number,
    size: number,
    dMean: Pointer,
    dLogStd: Pointer,
  ): void;
  squashedGaussianForward(
    mean: Pointer,
    logStd: Pointer,
    noise: Pointer,
    batch: number,
    size: number,
    actions: Pointer,
    logProbs: Pointer,
  ): void;
  gae(
    rewards: Pointer,
    values: Pointer,
    nextValues: Pointer,
    terminated: Pointer,
    truncated: Pointer,
    advantages: Pointer,
    returns: Pointer,
    T: number,
    N: number,
    discount: number,
    lambda: number,
  ): void;
  adam(
    parameters: Pointer,
    gradients: Pointer,
    firstMoment: Pointer,
    secondMoment: Pointer,
    n: number,
    beta1: number,
    a: number,
    beta2: number,
    b: number,
    stepSize: number,
    epsilon: number,
  ): void;
  flushMoments(moments: Pointer, n: number): void;
  rmsProp(
    parameters: Pointer,
    gradients: Pointer,
    meanSquare: Pointer,
    n: number,
    learningRate: number,
    decay: number,
    oneMinusDecay: number,
    epsilon: number,
    epsilonInside: boolean,
    gradientScale: number,
  ): void;
  sgd(parameters: Pointer, gradients: Pointer, n: number, learningRate: number, gradientScale: number): void;
  runTile(times: number): void;
  cos(x: Pointer, out: Pointer, n: number): void;
  exp(x: Pointer, out: Pointer, n: number): void;
  log(x: Pointer, out: Pointer, n: number): void;
  sin(x: Pointer, out: Pointer, n: number): void;
  tanh(x: Pointer, out: Pointer, n: number): void;
  addScaled(y: Pointer, a: number, x: Pointer, n: number): void;
  columnSums(x: Pointer, out: Pointer, rows: number, columns: number): void;
  gatherRows(source: Pointer, indices: Pointer, out: Pointer, count: number, size: number): void;
  normalizeColumns(
    x: Pointer,
    mean: Pointer,
    inverseDeviation: Pointer,
    limit: number,
    out: Pointer,
    rows: number,
    columns: number,
  ): void;
  polyak(target: Pointer, source: Pointer, tau: number, n: number): void;
  scale(x: Pointer, a: number, n: number): void;
  squaredNorm(x: Pointer, n: number): number;
  standardize(x: Pointer, n: number): void;
}
