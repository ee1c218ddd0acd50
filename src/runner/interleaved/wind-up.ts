import { StuckError, type Settler } from "./settle.ts";
import type { SteppedSession } from "./stepped-session.ts";

/** How long a body may take to notice that its connection is closed. */
const farewellMs = 2_000;

/**
 * Ends an execution whatever happened in it: nobody stays stopped or at work, and the settler is asked no more.
 * Sessions that are done keep their connections.
 */
export async function windUp(
  sessions: readonly SteppedSession[],
  settler: Settler<SteppedSession>,
): Promise<void> {
  settler.release();
  const unfinished = sessions.filter(({ state }) => state !== "finished");
  await Promise.all(unfinished.flatMap(({ connection }) => connection?.close() ?? []));
  for (const session of unfinished) await toItsEnd(session, settler);
  settler.stop();
}

/** Lets the code of a session whose connection is closed come to its end. */
async function toItsEnd(session: SteppedSession, settler: Settler<SteppedSession>): Promise<void> {
  if (session.state === "held") session.openPhase(Infinity);
  try {
    while (session.state !== "finished") {
      if (session.state === "ready") session.grant();
      if (session.state === "executing" || session.state === "blocked") {
        await settler.untilReturned(session);
        session.deliver();
      }
      await settler.untilClientsRest([session], farewellMs);
    }
  } catch (error) {
    // A body that awaits something that never comes is left where it is.
    if (!(error instanceof StuckError)) throw error;
  }
}
