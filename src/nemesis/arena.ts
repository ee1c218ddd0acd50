import type { Database } from "../clients/database.ts";
import type { Server } from "../clients/servers/server.ts";
import type { Clock } from "../clock/clock.ts";
import type { Pool } from "./pool.ts";
import type { Proxy } from "./proxy/proxy.ts";
import type { Wardrobe } from "./wardrobe.ts";

/** What a session is doing, as its client knows. */
export type Moment =
  /** Outside any transaction, nothing sent. */
  | "idle"
  /** A statement was sent and is not answered. */
  | "statement"
  /** Between two statements of a transaction. */
  | "transaction"
  /** COMMIT was sent and is not answered. */
  | "commit";

/** An open session of the run. */
export interface OpenSession {
  /** Its id on the server. */
  readonly id: number;
  readonly moment: Moment;
}

/** What a fault may act on. */
export interface Arena {
  readonly database: Database;
  readonly clock: Clock;
  /** The sessions that are open now. */
  readonly sessions: () => readonly OpenSession[];
  /**
   * Waits until some session comes to such a moment, and answers it at once; undefined when none does within
   * `timeoutMs` or before the run ends.
   */
  readonly untilMoment: (moment: Moment, timeoutMs: number) => Promise<OpenSession | undefined>;
  /** What sessions put on before their next operation. */
  readonly wardrobe: Wardrobe;
  /** Connections of the application's pool. */
  readonly pool: Pool;
  /** The pauses inside transactions; what is added to each, in milliseconds. */
  readonly pauses: { extraMs: number };
  /** The server, if it is ours. */
  readonly server: Server | null;
  /** The proxy that the sessions come through, if there is one. */
  readonly proxy: Proxy | null;
  /** Aborted when the run ends: what waits, waits no longer. */
  readonly until: AbortSignal;
}
