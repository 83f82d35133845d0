/**
 * A binary tree whose leaves are weights and whose every other node is the sum of the two below it, in one flat array:
 * node 1 is the root, 2i and 2i + 1 are the children of i. A sum depends on the leaves alone, not on how they came to be.
 */
export interface SumTree {
  /** Change one by `set`, or many and then `rebuild`. */
  readonly leaves: Float64Array;
  /** Of all leaves. */
  readonly total: number;
  set(leaf: number, weight: number): void;
  /** The leaf at which the running sum passes `target`; one whose weight is above 0, if any is. */
  find(target: number): number;
  /** Makes the sums again, from the leaves. */
  rebuild(): void;
}

/** A tree whose leaves all are 0. */
export function createSumTree(count: number): SumTree {
  let width = 1;
  while (width < count) width *= 2;
  const nodes = new Float64Array(2 * width);

  const sum = (node: number) => {
    nodes[node] = nodes[2 * node] + nodes[2 * node + 1];
  };

  return {
    leaves: nodes.subarray(width, width + count),
    get total() {
      return nodes[1];
    },

    set(leaf, weight) {
      nodes[width + leaf] = weight;
      for (let node = (width + leaf) >> 1; node > 0; node >>= 1) sum(node);
    },

    find(target) {
      let node = 1;
      let left = target;
      while (node < width) {
        node *= 2;
        // Rounding may leave more than there is on the right: nothing is found where nothing is.
        if (left < nodes[node] || nodes[node + 1] === 0) continue;
        left -= nodes[node];
        node++;
      }
      return node - width;
    },

    rebuild() {
      for (let node = width - 1; node > 0; node--) sum(node);
    },
  };
}
