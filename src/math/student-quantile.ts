import { normalQuantile } from "./normal.ts";

/**
 * The number below which Student's t falls with chance `p`: Fisher's expansion around the normal, Abramowitz & Stegun 1964,
 * 26.7.5. For 95 % intervals within 1 % from 2 degrees of freedom on, 1e-5 from 10 on.
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(degrees >= 2)) throw new RangeError(`studentQuantile: degrees must be at least 2, got ${degrees}.`);
  const z = normalQuantile(p);
  const s = z * z;
  const terms = [
    (s + 1) / 4,
    ((5 * s + 16) * s + 3) / 96,
    (((3 * s + 19) * s + 17) * s - 15) / 384,
    ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160,
  ];
  return z * (1 + terms.reduceRight((sum, term) => (sum + term) / degrees, 0));
}
