import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A page in a Chromium of its own, served from this machine. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** What the page threw or logged as an error. */
  readonly complaints: readonly string[];
}

/** Files by the path a browser asks for. */
type Site = Readonly<Record<string, { readonly type: string; readonly body: string }>>;

/** An empty page with the exports of a module in its variable `here`. */
export async function openModule(path: string, options: { isolated: boolean }): Promise<OpenPage> {
  const script = await bundle(path, "here");
  return openSite(
    {
      "/": {
        type: "text/html",
        body: `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script src="main.js"></script>`,
      },
      "/main.js": { type: "text/javascript", body: script },
    },
    options,
  );
}

/** One script of a module and all it needs; its exports in a variable of the given name. */
export async function bundle(path: string, globalName?: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${root}/${path}`],
    alias: {
      "belay-rl": `${root}/src/index.ts`,
      "belay-rl/deploy": `${root}/src/deploy/index.ts`,
      "belay-rl/browser": `${root}/src/platform/browser/index.ts`,
    },
    bundle: true,
    write: false,
    logLevel: "error",
    target: "es2023",
    ...(globalName ? { format: "iife", globalName } : { format: "esm" }),
  });
  return outputFiles[0].text;
}

/** `isolated` pages are sent with the headers that let them share memory between threads. */
export async function openSite(site: Site, { isolated }: { isolated: boolean }): Promise<OpenPage> {
  const isolation = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
  const server = createServer((request, response) => {
    const file = site[request.url ?? "/"];
    response.writeHead(file ? 200 : 404, { "Content-Type": file?.type ?? "text/plain", ...(isolated && isolation) });
    response.end(file?.body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1100, height: 760 } });

  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);

  return {
    page,
    complaints,
    async [Symbol.asyncDispose]() {
      await browser.close();
      server.close();
    },
  };
}

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
