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
 */
export async function strike(fault: string, session: SteppedSession, means: Means): Promise<void> {
  const { watcher, database } = means;
  const id = session.serverId;
  if (id === undefined) return;
  switch (fault) {
    case "kill-connection":
      watcher.thaw(id);
      await database.killAndWait(id);
      await untilNoticed(session, means.clock);
      return;
    case "cancel-statement":
      if (session.state !== "blocked") return;
      watcher.thaw(id);
      await watcher.cancel(id);
      return;
    case "arm-lock-timeout":
      if (session.state !== "ready" || session.armed) return;
      // A transaction that has failed takes no statements, and will wait for nothing.
      session.armed = await armed(session, watcher);
      return;
    case "lock-timeout":
      // It was armed when it came to wait, was not stopped, and nobody else moves: the timeout comes.
      return;
    case "lose-commit-request":
      loseCommit("request", session, means);
      return;
    case "lose-commit-reply":
      loseCommit("reply", session, means);
      return;
    default:
      throw new WorkloadError(`there is no fault "${fault}" that can be a step`);
  }
}

/** The COMMIT is lost on its way there or back. */
function loseCommit(what: Loss, session: SteppedSession, { proxy }: Means): void {
  // Moves that were recorded elsewhere may find it at another point.
  if (session.state !== "ready" || session.doing !== "commit") return;
  if (proxy === null)
    throw new WorkloadError("a COMMIT can be lost only in sessions that come through a proxy");
  const returned = new AbortController();
  const clientPort = session.connection?.localPort;
  void proxy.lose(what, isCommit, { clientPort, until: returned.signal });
  session.grant(() => {
    returned.abort();
  });
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
