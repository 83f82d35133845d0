import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  doublyRobust,
  inversePropensity,
  selfNormalized,
  shrunk,
  switched,
} from "../../estimate/off-policy/bandit-estimators.ts";
import { weightDiagnostics } from "../../estimate/off-policy/diagnostics.ts";
import { evaluateOffPolicy } from "../../estimate/off-policy/evaluate-off-policy.ts";
import { importanceWeights } from "../../estimate/off-policy/logged-bandit.ts";
import { table } from "../terminal/table.ts";
import { section } from "./section.ts";

/** What the log of one campaign says of showing every item as often. */
interface CampaignEstimates {
  readonly campaign: string;
  readonly inversePropensity: number;
  readonly selfNormalized: number;
  readonly doublyRobust: number;
  readonly shrunk100: number;
  readonly switched10: number;
  readonly largestWeight: number;
  readonly effectiveSampleSize: number;
  readonly refused: string | null;
}

/** Items, and the share of clicks as the model. */
const campaigns = { men: { items: 34, clicks: 0.0069 }, women: { items: 46, clicks: 0.0046 } };

const folder = fileURLToPath(new URL("../../../test/fixtures/open-bandit/", import.meta.url));

function estimatesOf([campaign, { items, clicks }]: [string, { items: number; clicks: number }]): CampaignEstimates {
  const [header, ...rows] = readFileSync(`${folder}bts-${campaign}.csv`, "utf8").trim().split(/\r?\n/);
  const names = header.split(",");
  const column = (name: string) => Float64Array.from(rows, (row) => Number(row.split(",")[names.indexOf(name)]));
  const constant = new Float64Array(rows.length).fill(clicks);
  const log = {
    rewards: column("click"),
    propensities: column("propensity_score"),
    probabilities: new Float64Array(rows.length).fill(1 / items),
    model: { actionValues: constant, values: constant },
  };
  const { effectiveSampleSize, maxWeight } = weightDiagnostics(importanceWeights(log));
  const report = evaluateOffPolicy(log, { rewardRange: [0, 1] });
  return {
    campaign,
    inversePropensity: inversePropensity(log).value,
    selfNormalized: selfNormalized(log).value,
    doublyRobust: doublyRobust(log).value,
    shrunk100: shrunk(log, 100).value,
    switched10: switched(log, 10).value,
    largestWeight: maxWeight,
    effectiveSampleSize,
    refused: report.supported ? null : report.reason,
  };
}

/** The data lie in the repository, not in the package. */
export const offPolicySection = section({
  title: "Off-policy evaluation on public data",
  seconds: { quick: 1, full: 1 },
  measure: () => (existsSync(folder) ? Object.entries(campaigns).map(estimatesOf) : null),
  json: (openBandit) => ({ openBandit }),
  text(rows, { bold, dim }) {
    if (!rows) return "Not measured: the data are in the repository, under test/fixtures/open-bandit.";
    const figure = (value: number) => value.toFixed(8);
    return [
      table([
        ["campaign", "IPS", "SNIPS", "DR", "DRos(100)", "Switch(10)", "largest weight", "ESS"].map(dim),
        ...rows.map((row) => [
          row.campaign,
          ...[row.inversePropensity, row.selfNormalized, row.doublyRobust, row.shrunk100, row.switched10].map(figure),
          row.largestWeight.toFixed(4),
          row.effectiveSampleSize.toFixed(2),
        ]),
      ]),
      ...rows.flatMap(({ campaign, refused }) => (refused ? [`${bold(campaign)}: ${refused}`] : [])),
      dim(
        "Open Bandit, 10,000 rows each (ZOZO; Saito et al. 2021, CC BY 4.0); every item shown as often; the truth is .0046.",
      ),
    ].join("\n");
  },
});
