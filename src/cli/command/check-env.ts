import type { Command } from "../command.ts";
export const checkEnvCommand: Command = { name: "check-env", summary: "", operands: [], flags: {}, run: async () => 0 };
