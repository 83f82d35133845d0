import { readFile } from "node:fs/promises";
import type { Runbook } from "../../../recovery/runbook/runbook.ts";
import { parseRunbook, runbookFrom } from "../../../recovery/runbook/runbook-file.ts";

/** The runbook in a file, .json, .yaml or .yml; the latter need the package yaml. */
export async function runbookFile(path: string): Promise<Runbook> {
  const text = await readFile(path, "utf8");
  try {
    return /\.ya?ml$/i.test(path) ? runbookFrom((await loadYaml()).parse(text)) : parseRunbook(text);
  } catch (error) {
    throw new Error(`runbookFile: ${path}: ${(error as Error).message}`, { cause: error });
  }
}

async function loadYaml(): Promise<typeof import("yaml")> {
  try {
    return await import("yaml");
  } catch (error) {
    throw new Error("YAML needs the package yaml: npm install yaml. Without it, write the runbook as JSON", {
      cause: error,
    });
  }
}
