import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Lines that a source file may have. It rises only in the commit that needs it, with the reason here. */
const lineCeiling = 300;

/** Under src/, relative to it. Tests may import what they like; generated files and AssemblyScript follow other rules. */
const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && !path.endsWith(".d.ts"))
  .filter((path) => !/^kernel\/wasm\/assembly\/|\/generated\/|^kernel\/wasm\/bytes\.ts$/.test(path));

const sources = new Map(files.map((path) => [path, readFileSync(join(root, "src", path), "utf8")]));

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typesOnly: boolean;
}

const imports = files.flatMap(importsOf);

test("every import of one folder from another stands in the table of docs/architecture.md", () => {
  const table = importTable();
  const broken = imports.filter(({ from, to, typesOnly }) => {
    const [room, other] = [roomOf(from), roomOf(to)];
    if (room === null || room === other) return false; // index.ts is the table of contents
    const allowed = table.get(room);
    if (allowed === undefined) return true;
    if (other === null || allowed === "anything") return allowed !== "anything";
    if (allowed.has(other)) return false;
    return !(allowed.has(`${other} (types)`) && (typesOnly || to === `${other}/space.ts`));
  });
  expect(broken.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

test("every folder has its row in the table", () => {
  const rooms = new Set(files.map(roomOf).filter((room) => room !== null));
  expect([...importTable().keys()].sort()).toEqual([...rooms].sort());
});

test("no module imports itself through others", () => {
  expect(findCycle(imports.filter(({ typesOnly }) => !typesOnly))).toBeNull();
});

test("types, too, are imported in one direction only", () => {
  expect(findCycle(imports)).toBeNull();
});

test(`no source file is longer than ${lineCeiling} lines`, () => {
  const long = files.filter((path) => (sources.get(path)?.split("\n").length ?? 0) - 1 > lineCeiling);
  expect(long).toEqual([]);
});

test("the core leaves nothing to the engine that engines do differently, nor to chance or the clock", () => {
  const banned =
    /\bMath\.(random|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|exp|expm1|log|log1p|log2|log10|pow|cbrt|hypot)\b|\bDate\.now\b|\bnew Date\(\)/;
  const found = files
    .filter((path) => !/^(platform|cli)\//.test(path))
    .flatMap((path) => {
      const match = banned.exec(withoutComments(sources.get(path) ?? ""));
      return match ? [`${path}: ${match[0]}`] : [];
    });
  expect(found).toEqual([]);
});

test("there are no default exports", () => {
  expect(files.filter((path) => /^export default\b/m.test(sources.get(path) ?? ""))).toEqual([]);
});

function importsOf(from: string): Import[] {
  const statements = withoutComments(sources.get(from) ?? "").matchAll(
    /^(?:import|export)\s+(type\s+)?([^;"']*?\bfrom\s*)?["'](\.[^"']+)["']/gm,
  );
  return [...statements].map(([, type, names, specifier]) => ({
    from,
    to: normalize(join(dirname(from), specifier)).replaceAll("\\", "/"),
    typesOnly: type !== undefined || areTypes(names),
  }));
}

/** Whether each of `{ type A, type B }` is a type. */
function areTypes(names: string | undefined): boolean {
  const listed = names && /\{([^}]*)\}/.exec(names)?.[1];
  if (!listed) return false;
  return listed
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean)
    .every((name) => name.startsWith("type "));
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}

/** The folder below src/, or null for what lies in src/ itself. */
function roomOf(path: string): string | null {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : null;
}

/** From a folder to what it may import: names, "name (types)", or anything. */
function importTable(): Map<string, ReadonlySet<string> | "anything"> {
  const page = readFileSync(join(root, "docs/architecture.md"), "utf8");
  const rows = page.matchAll(/^\| `([\w-]+)\/` \|[^|]*\|([^|]*)\|$/gm);
  const table = new Map<string, ReadonlySet<string> | "anything">();
  for (const [, folder, cell] of rows) {
    const allowed = cell.trim();
    const names = allowed === "nothing" ? [] : allowed.split(",").map((name) => name.trim());
    table.set(folder, allowed === "anything" ? allowed : new Set(names));
  }
  return table;
}

/** The modules of a circle, or null. */
function findCycle(edges: readonly Import[]): string[] | null {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();

  function visit(path: string, trail: readonly string[]): string[] | null {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return null;
    for (const to of next.get(path) ?? []) {
      const cycle = visit(to, [...trail, path]);
      if (cycle) return cycle;
    }
    done.add(path);
    return null;
  }

  for (const path of files) {
    const cycle = visit(path, []);
    if (cycle) return cycle;
  }
  return null;
}
