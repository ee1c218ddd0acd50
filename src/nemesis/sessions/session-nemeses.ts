import type { Nemesis } from "../nemesis.ts";
import { cancelStatement } from "./cancel-statement.ts";
import { exhaustConnections, starvePool } from "./connections.ts";
import { killConnection, killsAtMoments } from "./kill-connection.ts";
import { deadlock, idleInTransaction, longLock } from "./locks.ts";
import { timeouts } from "./timeouts.ts";

/** Faults of sessions, and what other sessions do to them. */
export const sessionNemeses: readonly Nemesis[] = [
  killConnection,
  ...killsAtMoments,
  cancelStatement,
  ...timeouts,
  deadlock,
  longLock,
  idleInTransaction,
  exhaustConnections,
  starvePool,
];
