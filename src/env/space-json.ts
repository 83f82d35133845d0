import { box, dict, discrete, multiBinary, multiDiscrete, partsOf, type Space, tuple, unknownSpace } from "./space.ts";

/** A bound in JSON, which knows no infinity. */
type JsonBound = number | "Infinity" | "-Infinity";

export type SpaceJson =
  | { readonly kind: "discrete"; readonly n: number; readonly start: number }
  | { readonly kind: "box"; readonly shape: readonly number[]; readonly low: JsonBounds; readonly high: JsonBounds }
  | { readonly kind: "multi-discrete"; readonly nvec: readonly number[] }
  | { readonly kind: "multi-binary"; readonly n: number }
  | { readonly kind: "dict"; readonly spaces: readonly (readonly [string, SpaceJson])[] }
  | { readonly kind: "tuple"; readonly spaces: readonly SpaceJson[] };

/** One bound for all places, or one for each. */
type JsonBounds = JsonBound | readonly JsonBound[];

/** A space as plain JSON. Equal bounds are written once, so that an image's space stays short. */
export function spaceToJson(space: Space): SpaceJson {
  switch (space.kind) {
    case "discrete":
    case "multi-discrete":
    case "multi-binary":
      return { ...space };
    case "box":
      return { kind: "box", shape: space.shape, low: boundsToJson(space.low), high: boundsToJson(space.high) };
    case "dict":
      return { kind: "dict", spaces: partsOf(space).map(([name, part]) => [name, spaceToJson(part)]) };
    case "tuple":
      return { kind: "tuple", spaces: partsOf(space).map(([, part]) => spaceToJson(part)) };
    default:
      return unknownSpace("spaceToJson", space);
  }
}

/** The space that `spaceToJson` wrote; its constructors refuse what makes no space. */
export function spaceFromJson(json: SpaceJson): Space {
  switch (json?.kind) {
    case "discrete":
      return discrete(json.n, json.start);
    case "box":
      return box({ shape: json.shape, low: boundsFromJson(json.low), high: boundsFromJson(json.high) });
    case "multi-discrete":
      return multiDiscrete(json.nvec);
    case "multi-binary":
      return multiBinary(json.n);
    case "dict":
      return dict(Object.fromEntries(json.spaces.map(([name, part]) => [name, spaceFromJson(part)])));
    case "tuple":
      return tuple(json.spaces.map(spaceFromJson));
    default:
      return unknownSpace("spaceFromJson", json);
  }
}

function boundsToJson(bounds: Float32Array): JsonBounds {
  const toJson = (bound: number) => (Number.isFinite(bound) ? bound : (String(bound) as "Infinity" | "-Infinity"));
  return bounds.every((bound) => bound === bounds[0]) ? toJson(bounds[0]) : Array.from(bounds, toJson);
}

function boundsFromJson(bounds: JsonBounds): number | number[] {
  return typeof bounds === "object" ? bounds.map(Number) : Number(bounds);
}
