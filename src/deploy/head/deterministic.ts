import { stretch } from "../../env/bounded.ts";
import type { Box } from "../../env/space.ts";
import type { Head } from "./head.ts";

/** Of a network that puts out the action itself, from −1 to 1. */
export function deterministicHead(space: Box): Head {
  const outputs = space.low.length;
  return {
    outputs,
    maskLength: 0,
    choose: (unit, action) => stretch(space, unit, action),
    distribution(unit) {
      const action = new Float32Array(outputs);
      stretch(space, unit, action);
      return { kind: "deterministic", action };
    },
  };
}
