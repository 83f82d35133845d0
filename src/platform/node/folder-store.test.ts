import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderStore } from "./folder-store.ts";

const fresh = () => mkdtemp(join(tmpdir(), "belay-store-"));

test("what is written is read, whole folders deep, and a folder appears with its first file", async () => {
  const path = join(await fresh(), "a", "b");
  const store = folderStore(path);
  expect(await store.list()).toEqual([]);
  expect(existsSync(path)).toBe(false);
  await store.write("checkpoint/0", Uint8Array.of(1, 2, 3));
  await store.append("log", "one\n");
  await store.append("log", "two\n");
  await store.flush();
  expect(await store.read("checkpoint/0")).toEqual(Uint8Array.of(1, 2, 3));
  expect(await store.readText("log")).toBe("one\ntwo\n");
  expect(await store.read("nothing")).toBeNull();
  expect(await store.list()).toEqual(["checkpoint", "log"]);
});

test("a write leaves no partial file behind, and replaces the old one whole", async () => {
  const path = await fresh();
  const store = folderStore(path);
  await store.write("x", "long contents");
  await store.write("x", "new");
  expect(await readdir(path)).toEqual(["x"]);
  expect(await readFile(join(path, "x"), "utf8")).toBe("new");
});

test("a store goes on after it was unlocked, and after it withdrew", async () => {
  const path = join(await fresh(), "a", "b");
  const store = folderStore(path);
  await (await store.lock())();
  expect(existsSync(path)).toBe(false);
  const unlock = await store.lock();
  await store.append("log", "one\n");
  await store.withdraw();
  await store.flush();
  await store.write("x", "new");
  await unlock();
  await store.withdraw();
  expect(await store.list()).toEqual([]);
});

test("a path through a file is refused in one line", async () => {
  const file = join(await fresh(), "file");
  await writeFile(file, "");
  const store = folderStore(join(file, "run"));
  await expect(store.write("x", "")).rejects.toMatchObject({
    name: "StoreError",
    fault: "not-writable",
    message: `folderStore: cannot write "x" in ${join(file, "run")}: a part of that path is a file, not a folder.`,
  });
  await expect(store.list()).rejects.toMatchObject({ fault: "not-writable" });
});

test.runIf(existsSync("/proc/self"))(
  "a place where nobody may make a folder is refused, not tried for ever",
  async () => {
    await expect(folderStore("/proc/belay-test/run").write("x", "")).rejects.toMatchObject({
      fault: "not-writable",
      message: `folderStore: cannot write "x" in /proc/belay-test/run: there is no such folder, and none can be made.`,
    });
  },
);

test("two stores may make the same folder at once", async () => {
  const path = join(await fresh(), "a", "b");
  await Promise.all(["x", "y", "z"].map((name) => folderStore(path).write(name, name)));
  expect(await folderStore(path).list()).toEqual(["x", "y", "z"]);
});

test.runIf(existsSync("/dev/full"))("a full disk is told from other troubles", async () => {
  await expect(folderStore("/dev").append("full", "x")).rejects.toMatchObject({
    fault: "full",
    message: `folderStore: cannot append to "full" in /dev: the disk is full; what was written before is intact.`,
  });
});
