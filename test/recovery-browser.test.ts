import { runInNewContext } from "node:vm";
import type * as Recovery from "belay-rl/recovery";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { decision } from "./recovery-record.ts";

test("belay-rl/recovery in a browser is one bundle that reaches nothing of Node's", async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: ["src/recovery/index.ts"],
    bundle: true,
    platform: "browser",
    format: "iife",
    globalName: "recovery",
    metafile: true,
    write: false,
    logLevel: "error",
  });
  expect(Object.keys(metafile.inputs).filter((path) => /^src\/(platform|cli)\//.test(path))).toEqual([]);
  const recovery: typeof Recovery = runInNewContext(`${outputFiles[0].text}; recovery`, {});
  const log = recovery.memoryLog();
  log.append(recovery.parseRecord(JSON.stringify(decision())));
  expect(recovery.groupEpisodes(log.records)).toMatchObject([{ id: "e0", whole: true }]);
  const rules = { ...recovery.ladderDefaults, test: { lowest: -2, highest: 1 } };
  const event = { kind: "candidate", time: 0, policyHash: "c0ffee" } as const;
  expect(recovery.advance(recovery.createLadder(), event, rules).ladder.policyHash).toBe("c0ffee");
});
