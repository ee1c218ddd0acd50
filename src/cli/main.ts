#!/usr/bin/env node
import { cli } from "./cli.ts";
import { exitCodes } from "./exit-codes.ts";
import { reportError } from "./report-error.ts";

// The reader of a pipe went away (`isolab list | head`): nobody is left to tell.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? exitCodes.valid);
  process.stderr.write(`isolab: cannot write to stdout: ${error.code ?? error.message}\n`);
  process.exit(exitCodes.environment);
});
// What nobody caught is a bug of ours or of a workload; a stray rejection must not pass for an anomaly.
for (const event of ["uncaughtException", "unhandledRejection"]) {
  process.on(event, (error: unknown) => {
    reportError(error, process.argv.includes("--verbose"));
    process.exit(exitCodes.internal);
  });
}

await cli(process.argv.slice(2));
