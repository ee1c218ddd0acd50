/** How a proxied connection is treated. All of it may change at any time and holds for open connections too. */
export interface Conduct {
  /** Added to each piece, each way, in milliseconds; drawn uniformly from `delayMs` to `delayMs + jitterMs`. */
  readonly delayMs: number;
  readonly jitterMs: number;
  /** Each way and connection; infinite for no limit. */
  readonly bytesPerSecond: number;
  /** Nothing arrives any more, and nobody is told: the peer seems to be there and is not. */
  readonly silent: boolean;
}

/** What happens to a statement on its way. */
export type Loss =
  /** The connection is cut before the server sees it. */
  | "request"
  /** The server carries it out; the connection is cut before the client sees the answer. */
  | "reply"
  /** The server carries it out; the answer never comes, and the connection stays. */
  | "silence";

/**
 * A TCP proxy on loopback between the sessions of a run and the server. It reads the requests of both protocols as
 * far as to know which statement goes by; an encrypted connection it can only delay, limit, silence and reset.
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
   * it once. Resolves when that has happened; with false when `until` is aborted first.
   */
  readonly lose: (
    what: Loss,
    statement: (sql: string) => boolean,
    options: { readonly clientPort?: number; readonly until: AbortSignal },
  ) => Promise<boolean>;
  /** Ends all connections and stops listening. Idempotent. */
  readonly close: () => Promise<void>;
}
