import { draw, largest, softmax } from "./choice.ts";
import type { Head } from "./head.ts";

/** One choice in each place, sizes[i] choices in place i. */
export function categoricalHead(sizes: readonly number[]): Head {
  const outputs = sizes.reduce((sum, size) => sum + size, 0);
  const probabilities = new Float32Array(outputs);

  return {
    outputs,
    maskLength: outputs,
    choose(logits, action, mask, random) {
      if (random) softmax(logits, mask, sizes, probabilities);
      for (let place = 0, offset = 0; place < sizes.length; offset += sizes[place++]) {
        const end = offset + sizes[place];
        const chosen = random ? draw(probabilities, offset, end, random.uniform()) : largest(logits, mask, offset, end);
        action[place] = chosen - offset;
      }
    },
    distribution(logits, mask) {
      softmax(logits, mask, sizes, probabilities);
      return { kind: "categorical", probabilities: probabilities.slice() };
    },
  };
}
