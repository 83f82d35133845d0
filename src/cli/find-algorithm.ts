import type { AlgorithmEntry } from "../algorithm/algorithm.ts";
import { algorithms } from "../algorithm/registry.ts";
import { didYouMean } from "../env/near-name.ts";
import { UsageError } from "./usage-error.ts";

/** The algorithm of that name. */
export function findAlgorithm(name: string): AlgorithmEntry {
  const table: Readonly<Record<string, AlgorithmEntry>> = algorithms;
  if (Object.hasOwn(table, name)) return table[name];
  const names = Object.keys(table);
  throw new UsageError(`unknown algorithm "${name}". ${didYouMean(name, names)}Algorithms are: ${names.join(", ")}.`);
}
