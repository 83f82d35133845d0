#!/usr/bin/env node
import { belay } from "./belay.ts";
import { processIo } from "./io.ts";

// A reader that closes early, as in `belay bench | head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
process.exitCode = await belay(process.argv.slice(2), processIo());
