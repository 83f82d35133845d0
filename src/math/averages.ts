/** Running means by name. */
export interface Averages<Name extends string> {
  add(name: Name, value: number): void;
  /** The mean of each name. */
  all(): Record<Name, number>;
  /** Forgets what one name has seen. */
  reset(name: Name): void;
}

/** Means of what is added under each name; 0 where nothing was. */
export function createAverages<Name extends string>(...names: readonly Name[]): Averages<Name> {
  const cells = Object.fromEntries(names.map((name) => [name, { sum: 0, count: 0 }])) as Record<
    Name,
    { sum: number; count: number }
  >;
  return {
    add(name, value) {
      cells[name].sum += value;
      cells[name].count++;
    },
    all() {
      const means = {} as Record<Name, number>;
      for (const name of names) means[name] = cells[name].count === 0 ? 0 : cells[name].sum / cells[name].count;
      return means;
    },
    reset(name) {
      cells[name].sum = 0;
      cells[name].count = 0;
    },
  };
}
