import { randomServicesSection, recoveryBenchSection } from "./recovery-bench.ts";
import type { Section } from "./section.ts";

/** What `belay recovery bench` measures, in this order. */
export const sections: readonly Section[] = [recoveryBenchSection, randomServicesSection];
