import { expect, test } from "vitest";
import { type Film, packFilm } from "./replay.ts";

/** As the page's script does it. */
const unpack = ({ templates, frames }: Film) =>
  frames.map(([template, ...gaps]) => templates[template].map((text, i) => text + (gaps[i] ?? "")).join(""));

test("a film unpacks to the drawings it was made of", () => {
  const drawings = [1, 2.5, -3].map((x) => `<svg width="10"><rect x="${x}" y="4" fill="#a1b2c3"/></svg>`);
  expect(unpack(packFilm(drawings))).toEqual(drawings);
});

test("drawings of different kinds get templates of their own", () => {
  const drawings = ["<a x='1'/>", "<b x='1'/><b x='2'/>", "<a x='3'/>"];
  const film = packFilm(drawings);
  expect(film.templates).toHaveLength(2);
  expect(unpack(film)).toEqual(drawings);
});

test("what never changes is stored once, and numbers to two decimals", () => {
  expect(packFilm(["x1.23456 y7", "x2.5 y7"])).toEqual({
    templates: [["x", " y7"]],
    frames: [
      [0, "1.23"],
      [0, "2.5"],
    ],
  });
});
