/**
 * The pages quote the code: [words](../../src/algorithm/ppo.ts#L109 "gae(kernel, rollout"). The quotation must stand in the file exactly
 * once, on the line that the link names. When code has moved, `npx vitest run algorithm-page -u` writes the new lines into the pages.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { algorithms } from "belay-rl";
import { describe, expect, test } from "vitest";

const docs = fileURLToPath(new URL("../docs", import.meta.url));
const pages = readdirSync(docs, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".md"));

const quotation = /\]\(([^\s)]+)#L(\d+) "([^"]+)"\)/g;

test("every algorithm has its page, which numbers its details, lists its options and quotes the code", () => {
  for (const name of Object.keys(algorithms)) {
    const page = readFileSync(join(docs, "algorithm", `${name}.md`), "utf8");
    expect(page, name).toMatch(/^1\. \*\*/m);
    expect(page, name).toContain("<!-- options -->\n");
    expect(page, name).toContain(`src/algorithm/${name}.ts#L`);
    expect(page, name).toContain("npm run benchmark:learning");
  }
});

describe.each(pages)("docs/%s", (path) => {
  const page = join(docs, path);
  const text = readFileSync(page, "utf8");

  test("links lead to files, and a link to a line quotes it", () => {
    const links = [...text.matchAll(/\]\(([^\s)]+)( "[^"]+")?\)/g)].filter(([, to]) => !/^(https?:|#)/.test(to));
    const lost = links.filter(([, to]) => !existsSync(join(dirname(page), to.split("#")[0])));
    expect(lost.map(([, to]) => to)).toEqual([]);
    expect(links.filter(([, to, words]) => to.includes("#L") && !words).map(([, to]) => to)).toEqual([]);
  });

  test("each quotation stands on the line that its link names", async () => {
    await expect(relinked(page, text)).toMatchFileSnapshot(page);
  });
});

/** The page with every link to the line where its quotation stands. */
function relinked(page: string, text: string): string {
  return text.replace(quotation, (_, path: string, _line, quoted: string) => {
    const lines = readFileSync(join(dirname(page), path), "utf8").split("\n");
    const found = lines.flatMap((line, i) => (line.includes(quoted) ? [i + 1] : []));
    expect(found, `lines of ${path} that hold “${quoted}”`).toHaveLength(1);
    return `](${path}#L${found[0]} "${quoted}")`;
  });
}
