/**
 * Reads the documentation of every option out of the source and writes it where people look for it:
 * src/cli/generated/option-documentation.ts, for `--help`, and the tables of docs/algorithm/<name>.md.
 * An option without documentation is an error.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = readdirSync(`${root}/src/algorithm`)
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => `${root}/src/algorithm/${file}`);
const { config } = ts.readConfigFile(`${root}/tsconfig.json`, ts.sys.readFile);
const program = ts.createProgram(files, ts.parseJsonConfigFileContent(config, ts.sys, root).options);
const checker = program.getTypeChecker();

/** Whose options several algorithms share. */
const shared = [
  ["shared-options.ts", "sharedDefaults"],
  ["off-policy-options.ts", "offPolicyDefaults"],
  ["value-learner-options.ts", "valueLearnerDefaults"],
].map(([file, name]) => checker.getTypeOfSymbol(exportedDefaults(`${root}/src/algorithm/${file}`, name)));

/** The options of each algorithm, by the name of its file. */
const algorithms = {};
for (const file of files) {
  const name = basename(file, ".ts");
  const defaults = exportedDefaults(file, `${camelCase(name)}Defaults`);
  if (defaults) algorithms[name] = options(defaults);
}
const undocumented = Object.entries(algorithms).flatMap(([algorithm, all]) =>
  all.filter((option) => option.documentation === "").map((option) => `${algorithm}.${option.name}`),
);
if (undocumented.length > 0) {
  console.error(`document-defaults: these options need a documentation comment: ${undocumented.join(", ")}.`);
  process.exit(1);
}
writeFileSync(`${root}/src/cli/generated/option-documentation.ts`, asModule());
for (const [name, all] of Object.entries(algorithms)) writeTable(`${root}/docs/algorithm/${name}.md`, all);

/** The object exported under that name, or undefined. */
function exportedDefaults(file, name) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  return module && checker.getExportsOfModule(module).find((exported) => exported.name === name);
}

/** The algorithm's own first, then the shared ones. One that only gets a new default keeps the shared documentation. */
function options(defaults) {
  return checker
    .getTypeOfSymbol(defaults)
    .getProperties()
    .map((option) => ({
      name: option.name,
      type: typeInWords(checker.getTypeOfSymbol(option)),
      value: writtenValue(option.valueDeclaration.initializer),
      documentation: documentation(option) || sharedDocumentation(option.name),
    }));
}

function sharedDocumentation(name) {
  return shared.map((type) => documentation(type.getProperty(name))).find((text) => text !== "") ?? "";
}

function documentation(option) {
  return option ? ts.displayPartsToString(option.getDocumentationComment(checker)) : "";
}

function typeInWords(type) {
  if (type.flags & ts.TypeFlags.Boolean) return "true or false";
  if (type.flags & ts.TypeFlags.NumberLike) return "number";
  if (type.isUnion() && type.types.every((each) => each.isStringLiteral())) {
    return type.types
      .map((each) => each.value)
      .sort()
      .join(" | ");
  }
  if (checker.isArrayLikeType(type)) return "numbers";
  throw new Error(`document-defaults: no words for the type ${checker.typeToString(type)}.`);
}

/** As written; of one that stands for another's, as that is written. */
function writtenValue(expression) {
  const value = withoutAs(expression);
  if (!ts.isPropertyAccessExpression(value)) return value.getText();
  return writtenValue(checker.getSymbolAtLocation(value).valueDeclaration.initializer);
}

function withoutAs(expression) {
  return ts.isAsExpression(expression) ? withoutAs(expression.expression) : expression;
}

function asModule() {
  const lines = Object.entries(algorithms).map(([name, all]) => {
    const rows = all.map(({ name, type, documentation }) => `    ${name}: ${JSON.stringify({ type, documentation })},`);
    return `  ${JSON.stringify(name)}: {\n${rows.join("\n")}\n  },`;
  });
  return `// Written by scripts/document-defaults.mjs from the comments in src/algorithm. Do not edit.

/** What an option takes and means. */
export interface OptionDocumentation {
  readonly type: string;
  readonly documentation: string;
}

/** By algorithm, then by option. */
export const optionDocumentation: Readonly<Record<string, Readonly<Record<string, OptionDocumentation>>>> = {
${lines.join("\n")}
};
`;
}

/** Between the markers of a page, where there is one. */
function writeTable(page, all) {
  if (!existsSync(page)) return;
  const cell = (text) => text.replaceAll("|", "\\|");
  const rows = all.map(
    ({ name, type, value, documentation }) => `| \`${name}\` | \`${value}\` | ${cell(type)} | ${cell(documentation)} |`,
  );
  const table = ["| option | default | takes | meaning |", "|---|---|---|---|", ...rows].join("\n");
  const text = readFileSync(page, "utf8");
  const marked = /(<!-- options -->\n)[\s\S]*?(<!-- \/options -->)/;
  if (!marked.test(text)) {
    throw new Error(`document-defaults: ${page} has no place for its options: <!-- options --> … <!-- /options -->.`);
  }
  writeFileSync(
    page,
    text.replace(marked, (_, open, close) => `${open}${table}\n${close}`),
  );
}

function camelCase(name) {
  return name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}
