import type { Clock } from "../../clock/clock.ts";
import type { DatabaseKind } from "../../history/header.ts";
import { EnvironmentError } from "../database-error.ts";
import { freePort } from "./free-port.ts";
import { launch, type Command, type Launched } from "./launched.ts";
import type { PrivateDirectory } from "./private-directory.ts";
import { continueAll, killAll, stopAll } from "./processes.ts";
import { createServerLog, lastFailure, rootComplaint, type ServerLog } from "./server-log.ts";
import type { Server } from "./server.ts";
import { late, within } from "./within.ts";

/** How one kind of server is run, once its data directory is there. */
export interface Recipe {
  readonly kind: DatabaseKind;
  /** Its name in sentences. */
  readonly product: string;
  readonly command: (port: number) => Command;
  readonly url: (port: number) => string;
  /** Whether it accepts connections. */
  readonly isReady: (pid: number, log: ServerLog) => boolean;
  /** Ends all sessions and shuts down. */
  readonly stopSignal: NodeJS.Signals;
}

const startMs = 60_000;
const pollMs = 5;
const stopMs = 5_000;
const portAttempts = 5;
const stragglerMs = 10_000;
const stragglerPauseMs = 50;

/**
 * Starts a server in its private directory and answers when it accepts connections. The directory is
 * released by {@link Server.stop}, and here when it does not come up.
 * @throws EnvironmentError with the server's own last complaint
 */
export async function serve(recipe: Recipe, directory: PrivateDirectory, clock: Clock): Promise<Server> {
  const log = createServerLog();
  let attempt = 1;
  for (;;) {
    const port = await freePort();
    try {
      return runningServer(recipe, directory, port, await start(recipe, port, log, clock), log, clock);
    } catch (error) {
      const portIsTaken = log.lines.some((line) => /address already in use/i.test(line));
      if (!portIsTaken || attempt === portAttempts) throw error;
      attempt += 1;
    }
  }
}

async function start(recipe: Recipe, port: number, log: ServerLog, clock: Clock): Promise<Launched> {
  log.clear();
  const launched = launch(recipe.command(port), log, clock);
  const deadline = clock.nanos() + startMs * 1e6;
  while (launched.running && clock.nanos() < deadline) {
    if (launched.pid !== undefined && recipe.isReady(launched.pid, log)) return launched;
    await clock.sleep(pollMs);
  }
  const inTime = !launched.running;
  launched.signal("SIGKILL");
  const exit = await launched.exit;
  const complaint = rootComplaint(log.lines) ?? (inTime ? exit.how : "no word from it");
  const when = inTime ? "" : ` within ${startMs / 1000} s`;
  throw new EnvironmentError(
    `The throw-away ${recipe.product} did not start${when} (${complaint}): mend that, or name a server of yours with --url.`,
  );
}

function runningServer(
  recipe: Recipe,
  directory: PrivateDirectory,
  port: number,
  first: Launched,
  log: ServerLog,
  clock: Clock,
): Server {
  let current = first;
  let stopping: Promise<void> | undefined;
  const describeEnd = (launched: Launched): Promise<string> =>
    launched.exit.then(({ how }) => {
      if (stopping !== undefined) return `${recipe.product} was stopped.`;
      const complaint = lastFailure(log.lines);
      return `${recipe.product} ended with ${how}${complaint === undefined ? "" : ` (${complaint})`}.`;
    });
  let ended = describeEnd(first);
  const main = (): number => (current.running ? (current.pid ?? 0) : 0);
  const resume = (): void => {
    continueAll(directory.path, main());
  };
  return {
    kind: recipe.kind,
    url: recipe.url(port),
    directory: directory.path,
    disk: directory.disk ?? null,
    get pid() {
      return current.pid ?? 0;
    },
    get ended() {
      return ended;
    },
    onLog: (listener) => log.onLine(listener),
    signal: (name) => {
      current.signal(name);
    },
    kill: () => {
      killAll(directory.path, main());
    },
    pause: () => {
      if (current.running) stopAll(directory.path, main());
    },
    resume,
    restart: async () => {
      if (stopping !== undefined)
        throw new EnvironmentError(
          `The throw-away ${recipe.product} was stopped and cannot be started again.`,
        );
      if (current.running) return;
      // A backend that is stopped would never notice that its server is gone.
      resume();
      current = await restarted(recipe, port, log, clock);
      ended = describeEnd(current);
    },
    stop: () =>
      (stopping ??= (async () => {
        resume();
        await shutDown(current, recipe.stopSignal, clock);
        await directory.release();
      })()),
  };
}

/** PostgreSQL refuses while backends of the killed server are still about to notice that it is gone. */
async function restarted(recipe: Recipe, port: number, log: ServerLog, clock: Clock): Promise<Launched> {
  const deadline = clock.nanos() + stragglerMs * 1e6;
  for (;;) {
    try {
      return await start(recipe, port, log, clock);
    } catch (error) {
      const stragglers = log.lines.some((line) => /still in use|already in use|already exists/i.test(line));
      if (!stragglers || clock.nanos() > deadline) throw error;
      await clock.sleep(stragglerPauseMs);
    }
  }
}

/** What does not end in time, or was left behind, is ended when the directory is released. */
async function shutDown(server: Launched, signal: NodeJS.Signals, clock: Clock): Promise<void> {
  if (server.pid === undefined || !server.running) return;
  server.signal(signal);
  if ((await within(server.exit, stopMs, clock)) === late) server.signal("SIGKILL");
}
