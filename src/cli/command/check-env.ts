import { checkEnv } from "../../env/check-env.ts";
import { type Command, jsonFlag } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { findEnvironment } from "../find-environment.ts";
import { createStyle } from "../terminal/style.ts";

export const checkEnvCommand: Command = {
  name: "check-env",
  summary: "look for what commonly goes wrong with an environment",
  operands: [{ name: "module" }],
  flags: { json: jsonFlag },

  async run(input, { folder, stdout }) {
    const { id, makeEnv } = await findEnvironment(input.operands[0], folder);
    const env = makeEnv();
    const findings = checkEnv(env);
    env.close?.();
    const sound = !findings.some(({ severity }) => severity === "error");
    if (input.has("json")) {
      stdout.write(`${JSON.stringify({ environment: id, sound, findings })}\n`);
    } else {
      const { good, bad, caution, bold } = createStyle(stdout);
      const paint = { error: bad, warning: caution };
      const lines = findings.map(({ severity, sentence }) => `  ${paint[severity](severity.padEnd(7))}  ${sentence}`);
      const verdict = sound
        ? `${good("✔")} ${bold(id)} is fit for training.`
        : `${bad("✘")} ${bold(id)} must be mended first.`;
      stdout.write(`${[...lines, `  ${verdict}`].join("\n")}\n`);
    }
    return sound ? exitCode.done : exitCode.failed;
  },
};
