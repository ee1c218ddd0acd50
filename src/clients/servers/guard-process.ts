import { spawn, type ChildProcessByStdio } from "node:child_process";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";

import type { Clock } from "../../clock/clock.ts";
import type { Account } from "./account.ts";
import { late, within } from "./within.ts";

/** A shell process that outlives us, to clean up after us: the pipe that it reads closes however we end. */
export interface GuardProcess {
  /** The first line that it printed, without its end; why there is none is the reason of the rejection. */
  readonly firstLine: Promise<string>;
  /** Tells it that the time has come, with the word `done`, and resolves when it has ended or 20 s have passed. */
  dismiss(): Promise<void>;
}

const startMs = 20_000;
const dismissMs = 20_000;

/**
 * Starts it in a session of its own. It does not keep our process alive. Never throws.
 * @param script for `/bin/sh`; it begins by ignoring the signals of a terminal, prints a line when it is ready, then
 *   waits for the end of its standard input
 * @param account whom to run as; undefined for ourselves
 */
export function startGuard(
  script: string,
  args: readonly string[],
  account: Account | undefined,
  clock: Clock,
): GuardProcess {
  const guard = spawn("/bin/sh", ["-c", script, "isolab-guard", ...args], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
    ...account,
  });
  const gone = new Promise<string>((resolve) => {
    guard.once("error", (error) => {
      resolve(error.message);
    });
    guard.once("exit", () => {
      resolve("ended");
    });
  });
  unref(guard);
  const firstLine = readiness(guard, gone, clock);
  firstLine.catch(() => undefined);
  return {
    firstLine,
    dismiss: async () => {
      guard.stdin.end("done\n");
      await within(gone, dismissMs, clock);
    },
  };
}

type Guard = ChildProcessByStdio<Writable, Readable, null>;

function unref(guard: Guard): void {
  guard.unref();
  // Writing to a guard that was killed must not end us.
  guard.stdin.on("error", () => undefined);
  for (const stream of [guard.stdin, guard.stdout]) if (stream instanceof Socket) stream.unref();
}

async function readiness(guard: Guard, gone: Promise<string>, clock: Clock): Promise<string> {
  const line = await within(Promise.race([lineOf(guard.stdout), gone.then(() => "")]), startMs, clock);
  if (line !== late && line !== "") return line;
  guard.stdin.destroy();
  throw new Error(line === late ? "the guard said nothing" : `the guard: ${await gone}`);
}

function lineOf(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    stream.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
  });
}
