import { visibleWidth } from "./style.ts";

/** Rows in columns; the first column to the left, numbers to the right. */
export function table(rows: readonly (readonly string[])[], rightFrom = 1): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => visibleWidth(row[column] ?? ""))));
  const cell = (text: string, column: number) => {
    const padding = " ".repeat(widths[column] - visibleWidth(text));
    return column >= rightFrom ? padding + text : text + padding;
  };
  return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}
