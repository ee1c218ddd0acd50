#!/usr/bin/env node
import { cli } from "./cli.ts";

// The reader of a pipe went away (`isolab list | head`): nobody is left to tell.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
  throw error;
});

await cli(process.argv.slice(2));
