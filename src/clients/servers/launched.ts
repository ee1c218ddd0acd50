import { spawn, type ChildProcessByStdio } from "node:child_process";
import { Socket } from "node:net";
import type { Readable } from "node:stream";

import type { Clock } from "../../clock/clock.ts";
import type { Account } from "./account.ts";
import type { ServerLog } from "./server-log.ts";
import { within } from "./within.ts";

/** A program to run, with everything it sees of the world. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Its working directory: lies in a private directory, which is how the guard knows it. */
  readonly cwd: string;
  readonly account: Account | undefined;
}

/** A program that was started. */
export interface Launched {
  /** Undefined when it could not even be started. */
  readonly pid: number | undefined;
  /** True until it has ended. */
  readonly running: boolean;
  /** How it ended, e.g. `exit code 1` or `signal SIGKILL`, after its last output. Never rejects. */
  readonly exit: Promise<Exit>;
  /** Sends a signal; does nothing once it has ended. */
  signal(name: NodeJS.Signals): void;
}

export interface Exit {
  /** It ended by itself with exit code 0. */
  readonly clean: boolean;
  readonly how: string;
}

/** How long output may trail behind the end of a program whose children still hold its pipes. */
const trailingMs = 200;

/**
 * Starts a program in a session of its own, out of reach of our terminal's Ctrl-C, with an
 * environment that depends on nothing but PATH. Its output goes to the log. It does not keep our
 * process alive. Never throws.
 */
export function launch(command: Command, log: ServerLog, clock: Clock): Launched {
  let child: ChildProcessByStdio<null, Readable, Readable>;
  try {
    child = spawn(command.program, command.args, {
      cwd: command.cwd,
      env: environment(command),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      ...command.account,
    });
  } catch (error) {
    return unstarted(error);
  }
  const drained = Promise.all([child.stdout, child.stderr].map((stream) => drain(stream, log)));
  let running = true;
  const ended = new Promise<Exit>((resolve) => {
    child.once("error", (error) => {
      // Also told when a signal could not be sent, which ends nothing.
      if (child.pid === undefined) resolve({ clean: false, how: error.message });
    });
    child.once("exit", (code, signal) => {
      running = false;
      resolve({ clean: code === 0, how: signal === null ? `exit code ${code ?? "?"}` : `signal ${signal}` });
    });
  });
  child.unref();
  return {
    pid: child.pid,
    get running() {
      return running && child.pid !== undefined;
    },
    exit: ended.then(async (exit) => {
      await within(drained, trailingMs, clock);
      return exit;
    }),
    signal: (name) => {
      if (running) child.kill(name);
    },
  };
}

function unstarted(error: unknown): Launched {
  const how = error instanceof Error ? error.message : String(error);
  return {
    pid: undefined,
    running: false,
    exit: Promise.resolve({ clean: false, how }),
    signal: () => undefined,
  };
}

/** TMPDIR is private too: a MariaDB that starts removes the temporary files of all others that share its own. */
function environment({ cwd }: Command): NodeJS.ProcessEnv {
  const path = process.env.PATH ?? "/usr/bin:/bin:/usr/sbin:/sbin";
  return { PATH: path, LC_ALL: "C", TZ: "UTC", TMPDIR: cwd };
}

/** Sends a stream's text to the log without keeping our process alive; resolves at its end. */
function drain(stream: Readable, log: ServerLog): Promise<void> {
  stream.setEncoding("utf8").on("data", (text: string) => {
    log.write(text);
  });
  if (stream instanceof Socket) stream.unref();
  return new Promise((resolve) => {
    stream.once("close", resolve);
  });
}
