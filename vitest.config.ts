import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^belay-rl$/, replacement: source("index.ts") },
      { find: /^belay-rl\/(deploy)$/, replacement: source("$1/index.ts") },
      { find: /^belay-rl\/(node|browser)$/, replacement: source("platform/$1/index.ts") },
      { find: /^belay-rl\/recovery$/, replacement: source("platform/node/recovery/index.ts") },
    ],
  },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["test/browser/**"],
    testTimeout: 60_000,
  },
});
