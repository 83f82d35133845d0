import type { Output } from "../io.ts";

/** Colours and weights for one output; plain text where it shows none. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  accent(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  caution(text: string): string;
}

export function createStyle({ color }: Pick<Output, "color">): Style {
  const paint = (open: number, close: number) => (text: string) =>
    color && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    accent: paint(36, 39),
    good: paint(32, 39),
    bad: paint(31, 39),
    caution: paint(33, 39),
  };
}

/** Columns that a text takes on the screen. */
export function visibleWidth(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
  return [...text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "")].length;
}
