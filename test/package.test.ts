import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "belay-rl";
import ts from "typescript";
import { expect, test } from "vitest";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.includes("assembly"))
  .map((path) => join("src", path));

test("the library's version is the package's", () => {
  expect(version).toBe(manifest.version);
});

/** What is run and never imported: the command, and the threads' scripts. */
const entries = /^src[/\\](cli[/\\]main|platform[/\\](node|browser)[/\\]worker)\.ts: /;

test("importing any module but an entry only declares: no statement at the top does anything", () => {
  const declarations = [
    ts.SyntaxKind.ImportDeclaration,
    ts.SyntaxKind.ExportDeclaration,
    ts.SyntaxKind.FunctionDeclaration,
    ts.SyntaxKind.InterfaceDeclaration,
    ts.SyntaxKind.TypeAliasDeclaration,
    ts.SyntaxKind.ClassDeclaration,
    ts.SyntaxKind.VariableStatement,
  ];
  const acting = sources.flatMap((path) => {
    const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2023);
    return file.statements
      .filter((statement) => !declarations.includes(statement.kind))
      .map((statement) => `${path}: ${statement.getText(file)}`);
  });
  expect(acting.filter((found) => !entries.test(found))).toEqual([]);
  expect(manifest.sideEffects).toBe(false);
});

test("no module has a default export, and versions are exact", () => {
  for (const path of sources) {
    expect(readFileSync(path, "utf8"), path).not.toMatch(/^export default/m);
  }
  for (const exact of Object.values({ ...manifest.dependencies, ...manifest.devDependencies })) {
    expect(exact).toMatch(/^\d+\.\d+\.\d+$/);
  }
});
