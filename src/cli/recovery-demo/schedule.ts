import { createRandom, type Random } from "../../math/random.ts";

/** What a proxy can do to those who call through it. */
export const faultKinds = ["latency", "refusal", "reset", "throttle", "garbage", "heavy"] as const;

export type FaultKind = (typeof faultKinds)[number];

export type Place = "orders" | "replica" | "warehouse";

/** One fault, from second to second of the demonstration. */
export interface Fault {
  readonly kind: FaultKind;
  readonly from: number;
  readonly to: number;
  readonly places: readonly Place[];
}

/** What a network does to any service, a service of HTTP or not. */
const ofTheNetwork: ReadonlySet<FaultKind> = new Set(["latency", "refusal", "reset"]);

/** How often a fault of orders is its replica's, too. */
const sharedFate = 0.3;

/** Seconds of the shortest fault, and the logarithm of how many times longer the longest is: 2 s. */
const [shortest, longestOverShortest] = [0.1, 3];

/** Faults with pauses between them, every kind in its turn, until the time is up: the same for all, by the seed. */
export function schedule(seconds: number, seed: number): Fault[] {
  const random = createRandom(seed);
  const faults: Fault[] = [];
  let kinds: FaultKind[] = [];
  for (let from = 0.4; from < seconds - 0.5; ) {
    if (kinds.length === 0) kinds = shuffled(random);
    const kind = kinds.pop() as FaultKind;
    const to = Math.min(seconds, from + shortest * Math.exp(longestOverShortest * random.uniform()));
    faults.push({ kind, from, to, places: placesOf(kind, random) });
    from = to + 0.6 + 0.8 * random.uniform();
  }
  return faults;
}

function shuffled(random: Random): FaultKind[] {
  return faultKinds
    .map((kind) => ({ kind, place: random.uniform() }))
    .sort((a, b) => a.place - b.place)
    .map(({ kind }) => kind);
}

function placesOf(kind: FaultKind, random: Random): Place[] {
  const [shared, onWarehouse] = [random.uniform() < sharedFate, random.uniform() < 0.6];
  return [
    "orders",
    ...(shared ? (["replica"] as const) : []),
    ...(ofTheNetwork.has(kind) && onWarehouse ? (["warehouse"] as const) : []),
  ];
}
