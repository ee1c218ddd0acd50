import type { DatabaseKind } from "../../history/header.ts";

/** A throw-away database server of our own, on a free loopback port, with a private data directory. */
export interface Server {
  readonly kind: DatabaseKind;
  /** `postgres://…` or `mysql://…` as a user with every right. */
  readonly url: string;
  /** Process id of the server. */
  readonly pid: number;
  /** Resolves when the server has ended, with a sentence saying how; never rejects. */
  readonly ended: Promise<string>;
  /** Stops it and removes its directory. Idempotent. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Survive a power cut: fsync and flush at every commit. Default false: fast. */
  readonly durable?: boolean;
  /** Server variables for the command line, by name. */
  readonly settings?: Readonly<Record<string, string>>;
}
