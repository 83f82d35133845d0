import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { recoveryBench } from "./recovery-bench.ts";
import { type BenchService, byCause, recoveryBenchServices } from "./recovery-bench-services.ts";
