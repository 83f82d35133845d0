/** The colours of every drawing. */
export const ink = {
  sky: "#f4f6f8",
  ground: "#dfe4ea",
  line: "#b6c0cb",
  dark: "#2f3b4a",
  body: "#41566e",
  accent: "#e8833a",
  goal: "#3a9d78",
};

/** A drawing of 600 by 400, y pointing down, on a soft ground. */
export function svg(body: string): string {
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 400">' +
    `<rect width="600" height="400" rx="12" fill="${ink.sky}"/>${body}</svg>`
  );
}

/** Closes a path that came from the left edge to the right one, along the rounded bottom. */
export const downToTheBottom = "V388a12 12 0 0 1 -12 12H12A12 12 0 0 1 0 388z";

/** A coordinate to a tenth, which keeps drawings short. */
export function tenth(x: number): number {
  return Math.round(x * 10) / 10;
}
