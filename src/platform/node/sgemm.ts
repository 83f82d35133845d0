import type { Sgemm } from "../../kernel/native.ts";

/** What of koffi is used, https://koffi.dev. */
export interface Koffi {
  load(path: string): Library;
  address(view: Uint8Array): bigint;
}

export interface Library {
  func(declaration: string): (...args: unknown[]) => unknown;
}

/**
 * The library's `cblas_sgemm` over a buffer, shared or not: addresses are handed over, and nothing is copied.
 * Handed to threads as its own source, so it names nothing from outside.
 */
export function bindSgemm(koffi: Koffi, library: Library, buffer: ArrayBufferLike): Sgemm {
  const sgemm = library.func(
    "void cblas_sgemm(int order, int transposeA, int transposeB, int m, int n, int k, float alpha, " +
      "uintptr_t a, int lda, uintptr_t b, int ldb, float beta, uintptr_t c, int ldc)",
  );
  const base = Number(koffi.address(new Uint8Array(buffer)));
  // As cblas.h numbers them.
  const rowMajor = 101;
  const asItIs = 111;
  const transposed = 112;
  return (transposeA, transposeB, m, n, k, a, aRow, b, bRow, beta, c, cRow) => {
    const [ofA, ofB] = [transposeA ? transposed : asItIs, transposeB ? transposed : asItIs];
    sgemm(rowMajor, ofA, ofB, m, n, k, 1, base + a, aRow, base + b, bRow, beta, base + c, cRow);
  };
}
