import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AlgorithmName, algorithms, type Env, wasmKernel } from "belay-rl";
import ts from "typescript";
import { expect, test } from "vitest";
import { tasks, tasksOf } from "./tasks.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(join(root, "docs/glossary.md"), "utf8");

/** The first cell of each row of a section's table. */
function namesIn(section: string): string[] {
  const [, text = ""] = page.split(`\n## ${section}\n`);
  const rows = text.split("\n## ")[0].matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm);
  return [...rows].flatMap(([, cell]) => cell.split(", ").map((name) => name.slice(1, -1)));
}

test("every option of every algorithm stands in the glossary, and nothing else among the options", () => {
  const options = new Set(Object.values(algorithms).flatMap(({ defaults }) => Object.keys(defaults)));
  const elsewhere = ["seed"];
  expect(namesIn("Options").sort()).toEqual([...options].filter((name) => !elsewhere.includes(name)).sort());
  expect(namesIn("Experience")).toEqual(expect.arrayContaining(elsewhere));
});

test("every metric that a report holds stands in the glossary", async () => {
  const metrics = new Set<string>();
  for (const name of Object.keys(algorithms) as AlgorithmName[]) {
    const penalty = name === "ppo" ? { objective: "penalty", targetKl: 0.01, horizon: 64 } : {};
    const alone = name === "a3c" ? { workers: 1 } : {};
    const early = "learningStarts" in algorithms[name].defaults && { learningStarts: 0, batchSize: 8, hidden: [8] };
    const options = { totalSteps: 64, ...penalty, ...alone, ...early };
    for (const task of tasksOf(name)) {
      const kernel = wasmKernel({ bytes: 2 ** 23 });
      const reports = algorithms[name].run((): Env => tasks[task](), options, { kernel });
      for await (const report of reports) for (const metric of Object.keys(report.metrics)) metrics.add(metric);
    }
  }
  const known = [...namesIn("Metrics"), "learningRate", "klCoefficient", "exploration"];
  expect([...metrics].sort()).toEqual(known.sort());
});

test("a name is explained once", () => {
  const names = ["The task", "Experience", "Options", "Metrics", "Runs"].flatMap(namesIn);
  expect(names.length).toBeGreaterThan(60);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test("the abbreviations of others are no names in the code", () => {
  const abbreviations = new Set(["obs", "lam", "logp", "adv", "lr", "vf", "ent"]);
  expect(identifiers(() => true, abbreviations)).toEqual([]);
});

test("no stage that knows episodes has a flag named done, which would merge termination and truncation", () => {
  const stages = /^(env|rollout|estimate|objective|kernel|policy|deploy)\//;
  expect(identifiers((path) => stages.test(path), new Set(["done", "dones"]))).toEqual([]);
});

/** Where a source file has an identifier of these names. */
function identifiers(wanted: (path: string) => boolean, names: ReadonlySet<string>): string[] {
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !path.endsWith("/bytes.ts") && wanted(path));
  return files.flatMap((path) => {
    const found: string[] = [];
    const source = ts.createSourceFile(path, readFileSync(join(root, "src", path), "utf8"), ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) && names.has(node.text)) found.push(`${path}: ${node.text}`);
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}
