import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The built command; `npm test` builds it first. */
export const bin: string = resolve(import.meta.dirname, "../../dist/src/cli/main.js");

/** What a finished command left. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `isolab ARGS` to its end, without a terminal. */
export function isolab(args: readonly string[], cwd?: string): Promise<Finished> {
  return finished(args, cwd);
}

/** The same, with a Ctrl-C as soon as it is ready for one. */
export function interruptedIsolab(
  args: readonly string[],
  ready: () => boolean | Promise<boolean>,
): Promise<Finished> {
  return finished(args, undefined, async (child) => {
    while (child.exitCode === null && !(await ready()))
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGINT");
  });
}

async function finished(
  args: readonly string[],
  cwd: string | undefined,
  meanwhile?: (child: ChildProcess) => Promise<void>,
): Promise<Finished> {
  if (!existsSync(bin)) throw new Error("the command is not built: npm run build");
  const child = spawn(process.execPath, [bin, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
    });
  }
  const ended = new Promise<number | null>((done) => child.once("close", done));
  await meanwhile?.(child);
  const code = await ended;
  return { code, ...text };
}
