import { algorithms } from "../../algorithm/registry.ts";
import { type Command, jsonFlag } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { createStyle } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";

export const algorithmsCommand: Command = {
  name: "algorithms",
  summary: "list the algorithms",
  operands: [],
  flags: { json: jsonFlag },

  async run(input, { stdout }) {
    const { bold, dim } = createStyle(stdout);
    const all = Object.values(algorithms);
    if (input.has("json")) {
      const told = all.map(({ name, title, observationSpaces, actionSpaces, defaults, presets }) => {
        return { name, title, observationSpaces, actionSpaces, defaults, presets: Object.keys(presets) };
      });
      stdout.write(`${JSON.stringify({ algorithms: told })}\n`);
      return exitCode.done;
    }
    const rows = all.map(({ name, title, presets }) => [
      `  ${bold(name)}`,
      title,
      dim(`tuned for ${Object.keys(presets).join(", ") || "nothing yet"}`),
    ]);
    stdout.write(`${table(rows, Infinity)}\n`);
    return exitCode.done;
  },
};
