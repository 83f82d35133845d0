import { chaosSection } from "./chaos.ts";
import { gateErrorSection } from "./gate-error.ts";
import { doubleEffectSection, poisonMessageSection, sharedFateSection } from "./hard-cases.ts";
import { learnFromLogSection } from "./learn-from-log.ts";
import { offPolicySection } from "./off-policy.ts";
import { overheadSection } from "./overhead.ts";
import { randomServicesSection, recoveryBenchSection } from "./recovery-bench.ts";
import { rerouteSection } from "./reroute.ts";
import { retryStormSection } from "./retry-storm.ts";
import type { Section } from "./section.ts";

/** What `belay recovery bench` measures, in this order. */
export const sections: readonly Section[] = [
  recoveryBenchSection,
  randomServicesSection,
  retryStormSection,
  doubleEffectSection,
  poisonMessageSection,
  sharedFateSection,
  rerouteSection,
  learnFromLogSection,
  offPolicySection,
  gateErrorSection,
  chaosSection,
  overheadSection,
];
