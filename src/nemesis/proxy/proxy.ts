/** How a proxied connection is treated. All of it may change at any time and holds for open connections too. */
export interface Conduct {
  /** Added to each piece, each way, in milliseconds; drawn uniformly from `delayMs` to `delayMs + jitterMs`. */
  readonly delayMs: number;
  readonly jitterMs: number;
  /** Each way and connection; infinite for no limit. */
  readonly bytesPerSecond: number;
  /**
   * Nothing arrives any more, and nobody is told, of an end neither: the peer seems to be there and is not. A
   * connection that has lost something to it stays so until it is healed.
   */
  readonly silent: boolean;
}

/** Everything goes by at once. */
export const healthy: Conduct = { delayMs: 0, jitterMs: 0, bytesPerSecond: Infinity, silent: false };

/** What happens to a statement on its way. */
export type Loss =
  /** The connection is cut before the server sees it. */
  | "request"
  /** The server carries it out and has answered; the connection is cut before the client sees the answer. */
  | "reply"
  /** The same, and the connection stays: the answer never comes, nor anything after it. */
  | "silence";

/**
 * A TCP proxy on loopback between the sessions of a run and the server. It reads the requests of both protocols as
 * far as to know which statement goes by; an encrypted or compressed connection it can only delay, limit, silence
 * and reset.
 *
 * When one side of a connection ends, the other side is ended, and what was held back is dropped: the server never
 * sees a statement whose client is gone.
 */
export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** Changes how all connections are treated, those to come included. */
  readonly conduct: (conduct: Partial<Conduct>) => void;
  /** As it was at first: everything goes by. What was kept back is sent on, what hangs in silence is cut. */
  readonly heal: () => void;
  /** Ends all open connections with RST, on both sides. @returns how many there were */
  readonly reset: () => number;
  /**
   * Lies in wait for the next statement that matches, on one connection (by the client's port) or on any, and loses
   * it once. Resolves when that has happened; with false when `until` is aborted first. A statement whose connection
   * ends before the server has answered counts as lost. Never matches on an encrypted connection.
   */
  readonly lose: (
    what: Loss,
    statement: (sql: string) => boolean,
    options: { readonly clientPort?: number | undefined; readonly until: AbortSignal },
  ) => Promise<boolean>;
  /** Ends all connections and stops listening. Idempotent. */
  readonly close: () => Promise<void>;
}
