import { partsOf, type Space, unknownSpace } from "../../env/space.ts";

/** A space in a word or two: "2 choices", "4 numbers". */
export function describeSpace(space: Space): string {
  switch (space.kind) {
    case "discrete":
      return `${space.n} choices`;
    case "box":
      return `${space.low.length === 1 ? "1 number" : `${space.shape.join("×")} numbers`}`;
    case "multi-discrete":
      return `choices of ${space.nvec.join(", ")}`;
    case "multi-binary":
      return `${space.n} switches`;
    case "dict":
    case "tuple":
      return partsOf(space)
        .map(([name, part]) => `${name}: ${describeSpace(part)}`)
        .join("; ");
    default:
      return unknownSpace("describeSpace", space);
  }
}
