/** What every benchmark of recovery takes. */
export interface BenchOptions {
  readonly seed: number;
  /** Seconds instead of minutes, with fewer seeds. */
  readonly quick: boolean;
  readonly onProgress?: (line: string) => void;
}
