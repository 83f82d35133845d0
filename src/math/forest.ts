/** Regression trees in one flat array. */
export interface Forest {
  /**
   * A node takes three numbers: an inner one the input it asks, the threshold, and where its left child stands (the right one
   * stands behind it; left is below the threshold); a leaf −1, its value, and 0. Places are counted in nodes.
   */
  readonly nodes: Float32Array;
  /** Where each tree begins, in nodes: all of the first output, then all of the next, [outputs · trees] */
  readonly roots: Int32Array;
  readonly outputs: number;
}

/** The leaf that a row x, which begins at `at`, comes to in the tree that begins at `root`. */
function leafOf(nodes: Float32Array, root: number, x: Float32Array, at: number): number {
  let node = 3 * root;
  while (nodes[node] >= 0) {
    const left = 3 * nodes[node + 2];
    node = x[at + nodes[node]] < nodes[node + 1] ? left : left + 3;
  }
  return nodes[node + 1];
}

/**
 * The mean of the trees of each output for `count` rows x [count, inputs], into `out` [count, outputs]. Tree by tree, so that
 * one at a time is in the processor's cache.
 */
export function evaluateForest(
  { nodes, roots, outputs }: Forest,
  x: Float32Array,
  count: number,
  inputs: number,
  out: Float32Array,
): void {
  const trees = roots.length / outputs;
  const sums = new Float64Array(count);
  for (let output = 0; output < outputs; output++) {
    sums.fill(0);
    for (let tree = output * trees; tree < (output + 1) * trees; tree++) {
      for (let row = 0; row < count; row++) sums[row] += leafOf(nodes, roots[tree], x, row * inputs);
    }
    for (let row = 0; row < count; row++) out[row * outputs + output] = sums[row] / trees;
  }
}

/** Refuses a forest in which a walk could leave the array, go round in circles, or ask for an input that is not there. */
export function requireForest({ nodes, roots, outputs }: Forest, inputs: number, wanted: number): void {
  const count = nodes.length / 3;
  const isPlace = (place: number) => Number.isInteger(place) && place >= 0 && place < count;
  const isWhole = Array.from({ length: count }, (_, i) => i).every((i) => {
    const [input, , left] = nodes.subarray(3 * i, 3 * i + 3);
    return input === -1 || (Number.isInteger(input) && input >= 0 && input < inputs && left > i && isPlace(left + 1));
  });
  if (outputs === wanted && roots.length > 0 && roots.length % outputs === 0 && roots.every(isPlace) && isWhole) return;
  throw new RangeError(
    `createActor: a forest of ${count} nodes and ${roots.length} trees for ${outputs} outputs does not lead from ${inputs} numbers to ${wanted}.`,
  );
}
