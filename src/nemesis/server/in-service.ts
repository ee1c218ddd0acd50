import { DatabaseError, EnvironmentError } from "../../clients/database-error.ts";
import type { Server } from "../../clients/servers/server.ts";
import { late, within } from "../../clients/servers/within.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Arena } from "../arena.ts";

/** A bound: after being killed both servers are back within two seconds. */
const inServiceMs = 60_000;
const pollMs = 20;

/** How long a server may take to end that was told to. */
const endMs = 20_000;

/** The server, which the need `own-server` promises. @throws EnvironmentError when it is not ours */
export function ownServer({ server }: Pick<Arena, "server">): Server {
  if (server !== null) return server;
  throw new EnvironmentError("the server is not isolab's to stop: leave --url out for a throw-away one");
}

/**
 * Waits for the end of a server that was told to end; kills it when it takes too long.
 * @param ended of the server as it was when it was told: it may have been started again since
 */
export async function untilEnded(server: Server, ended: Promise<string>, clock: Clock): Promise<void> {
  if ((await within(ended, endMs, clock)) !== late) return;
  server.kill();
  await within(ended, endMs, clock);
}

/**
 * Starts the server again if it has ended, whatever ended it, and resolves once it answers a statement. One that
 * recovers by itself may still give up and end: then it is started again.
 *
 * @throws EnvironmentError when it does not come up
 */
export async function backInService(server: Server, { database, clock }: Arena): Promise<void> {
  const deadline = clock.nanos() + inServiceMs * 1e6;
  for (;;) {
    await server.restart();
    try {
      await database.execute(["select 1"]);
      return;
    } catch (error) {
      if (!(error instanceof DatabaseError || error instanceof EnvironmentError)) throw error;
      if (clock.nanos() > deadline)
        throw new EnvironmentError(`the server does not answer again: ${error.message}`, { cause: error });
    }
    await clock.sleep(pollMs);
  }
}
