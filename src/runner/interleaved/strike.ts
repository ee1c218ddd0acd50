import type { Clock } from "../../clock/clock.ts";
import { DatabaseError } from "../../clients/database-error.ts";
import type { Database } from "../../clients/database.ts";
import type { Watcher } from "../../clients/watcher.ts";
import { isCommit } from "../../nemesis/network/is-commit.ts";
import type { Loss, Proxy } from "../../nemesis/proxy/proxy.ts";
import { WorkloadError } from "../../workload/define-workload.ts";
import type { SteppedSession } from "./stepped-session.ts";

/** What a fault needs to strike. */
interface Means {
  readonly watcher: Watcher;
  readonly database: Database;
  readonly clock: Clock;
  readonly proxy: Proxy | null;
}

/** How long the driver may take to notice that its session was ended. */
const noticeMs = 5_000;

/**
 * Carries out one fault step on a session. When it returns, the server has done what it was asked to: a
 * session that was ended holds nothing any more, and its driver knows. A session whose COMMIT is to be lost has been
 * let go to send it.
 *
 * @returns false when there was nothing to hit
 */
export async function strike(fault: string, session: SteppedSession, means: Means): Promise<boolean> {
  const { watcher, database } = means;
  const id = session.serverId;
  if (id === undefined) return false;
  switch (fault) {
    case "kill-connection":
      watcher.thaw(id);
      await database.killAndWait(id);
      await untilNoticed(session, means.clock);
      return true;
    case "cancel-statement":
      if (session.state !== "blocked") return false;
      watcher.thaw(id);
      await watcher.cancel(id);
      return true;
    case "arm-lock-timeout":
      if (session.state !== "ready" || session.armed) return false;
      // A transaction that has failed takes no statements, and will wait for nothing.
      session.armed = await armed(session, watcher);
      return session.armed;
    case "lock-timeout":
      // It was armed when it came to wait, was not stopped, and nobody else moves: the timeout comes.
      return true;
    case "lose-commit-request":
      return loseCommit("request", session, means);
    case "lose-commit-reply":
      return loseCommit("reply", session, means);
    default:
      throw new WorkloadError(`there is no fault "${fault}" that can be a step`);
  }
}

/** The COMMIT is lost on its way there or back. */
function loseCommit(what: Loss, session: SteppedSession, { proxy }: Means): boolean {
  // Moves that were recorded elsewhere may find it at another point.
  if (session.state !== "ready" || session.doing !== "commit") return false;
  if (proxy === null)
    throw new WorkloadError("a COMMIT can be lost only in sessions that come through a proxy");
  const returned = new AbortController();
  const clientPort = session.connection?.localPort;
  void proxy.lose(what, isCommit, { clientPort, until: returned.signal });
  session.grant(() => {
    returned.abort();
  });
  return true;
}

async function armed({ connection }: SteppedSession, watcher: Watcher): Promise<boolean> {
  try {
    await connection?.query(watcher.armLockTimeout);
    return true;
  } catch (error) {
    if (error instanceof DatabaseError) return false;
    throw error;
  }
}

async function untilNoticed(session: SteppedSession, clock: Clock): Promise<void> {
  const deadline = clock.nanos() + noticeMs * 1e6;
  while (session.serverId !== undefined && clock.nanos() < deadline) await clock.sleep(1);
}
