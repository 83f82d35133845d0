import type { Random } from "../math/random.ts";

/** What a tree is grown from. */
export interface RegressionRows {
  /** [rows, inputs] */
  readonly x: Float32Array;
  /** [rows] */
  readonly y: Float32Array;
  readonly inputs: number;
}

export interface ExtraTreesShape {
  /** n_min: fewer rows are not split. */
  readonly minSplit: number;
  /** K: inputs tried at each split. */
  readonly candidates: number;
}

/** Grows trees, node by node, onto the end of a growing array. */
export interface TreeGrower {
  /** Nodes so far. */
  readonly size: number;
  /** One tree from the rows listed, which it reorders; returns where it begins. */
  grow(data: RegressionRows, rows: Int32Array): number;
  /** The nodes so far, [size, 3], as `Forest` has them. */
  take(): Float32Array;
}

/**
 * Extremely randomised trees: at each node K inputs by chance, for each a threshold by chance between the rows' smallest and
 * largest, and of these splits the one that leaves the least variance.
 * Geurts, Ernst & Wehenkel 2006, https://doi.org/10.1007/s10994-006-6226-1, table 1.
 */
export function createTreeGrower({ minSplit, candidates }: ExtraTreesShape, random: Random): TreeGrower {
  let nodes = new Float32Array(3 * 1024);
  let size = 0;
  const best = { input: -1, threshold: 0 };
  let open: number[] = [];
  let pool = new Int32Array(0);

  function reserve(count: number): number {
    while (3 * (size + count) > nodes.length) {
      const longer = new Float32Array(2 * nodes.length);
      longer.set(nodes);
      nodes = longer;
    }
    size += count;
    return size - count;
  }

  function write(node: number, input: number, value: number, left: number): void {
    nodes[3 * node] = input;
    nodes[3 * node + 1] = value;
    nodes[3 * node + 2] = left;
  }

  /** Leaves the best of K random splits of rows[from … to) in `best`; false where every input is constant. */
  function split({ x, y, inputs }: RegressionRows, rows: Int32Array, from: number, to: number): boolean {
    let tried = 0;
    let bestScore = -Infinity;
    for (let left = inputs; left > 0 && tried < candidates; left--) {
      const drawn = random.integer(left);
      const input = pool[drawn];
      pool[drawn] = pool[left - 1];
      pool[left - 1] = input;
      let low = Infinity;
      let high = -Infinity;
      for (let i = from; i < to; i++) {
        const value = x[rows[i] * inputs + input];
        if (value < low) low = value;
        if (value > high) high = value;
      }
      if (!(low < high)) continue;
      tried++;
      const threshold = Math.fround(low + (high - low) * (1 - random.uniform())); // in (low, high]: neither side is empty
      let below = 0;
      let sumBelow = 0;
      let sum = 0;
      for (let i = from; i < to; i++) {
        const value = y[rows[i]];
        sum += value;
        if (x[rows[i] * inputs + input] < threshold) {
          below++;
          sumBelow += value;
        }
      }
      const above = to - from - below;
      if (below === 0 || above === 0) continue;
      // Least squares within the sides is most of (Σ y)² / n between them.
      const score = (sumBelow * sumBelow) / below + ((sum - sumBelow) * (sum - sumBelow)) / above;
      if (score > bestScore) {
        bestScore = score;
        best.input = input;
        best.threshold = threshold;
      }
    }
    return bestScore > -Infinity;
  }

  return {
    get size() {
      return size;
    },

    grow(data, rows) {
      const { x, y, inputs } = data;
      if (pool.length !== inputs) pool = Int32Array.from({ length: inputs }, (_, i) => i);
      const root = reserve(1);
      open = [root, 0, rows.length];
      while (open.length > 0) {
        const to = open.pop() as number;
        const from = open.pop() as number;
        const node = open.pop() as number;
        let sum = 0;
        let isConstant = true;
        for (let i = from; i < to; i++) {
          sum += y[rows[i]];
          isConstant &&= y[rows[i]] === y[rows[from]];
        }
        if (to - from < minSplit || isConstant || !split(data, rows, from, to)) {
          write(node, -1, to > from ? sum / (to - from) : 0, 0);
          continue;
        }
        const { input, threshold } = best;
        let middle = from;
        for (let i = from; i < to; i++) {
          const row = rows[i];
          if (x[row * inputs + input] >= threshold) continue;
          rows[i] = rows[middle];
          rows[middle++] = row;
        }
        const left = reserve(2);
        write(node, input, threshold, left);
        open.push(left + 1, middle, to, left, from, middle);
      }
      return root;
    },

    take: () => nodes.slice(0, 3 * size),
  };
}
