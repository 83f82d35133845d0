import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** Tests in Node that drive a Chromium: $CHROMIUM_PATH, or /usr/bin/chromium. */
export default defineConfig({
  ...base,
  test: { include: ["test/browser/**/*.test.ts"], testTimeout: 240_000, hookTimeout: 60_000, fileParallelism: false },
});
