import type { DatabaseKind } from "../../history/header.ts";

/**
 * A throw-away database server of our own, on a free loopback port, with a private data directory.
 * It does not keep our process alive, and however our process ends, it ends too.
 */
export interface Server {
  readonly kind: DatabaseKind;
  /** `postgres://…` or `mysql://…` as a user with every right. Holds the password: never log it. */
  readonly url: string;
  /** Process id of the server; a new one after {@link Server.restart}. */
  readonly pid: number;
  /** The private directory that holds its data and goes away with it. */
  readonly directory: string;
  /** The small file system that holds its data; null where they lie in the private directory itself. */
  readonly disk: Disk | null;
  /**
   * Resolves when the server process has ended, with a sentence saying how; never rejects. Waiting for it
   * alone does not keep our process alive.
   */
  readonly ended: Promise<string>;
  /**
   * Calls back with each complete line of the server's log from now on, until the returned function
   * is called. PostgreSQL begins each line with the epoch in milliseconds (`log_line_prefix='%n '`).
   */
  onLog(listener: (line: string) => void): () => void;
  /** Sends a signal to its main process; does nothing once that has ended. */
  signal(name: NodeJS.Signals): void;
  /**
   * Kills all its processes (SIGKILL), which cuts off what each session was doing. A PostgreSQL of which only the main
   * process is killed still carries out and answers the statements under way.
   */
  kill(): void;
  /** Stops all its processes (SIGSTOP): none of them is running when this returns. */
  pause(): void;
  /** Lets all of them go on (SIGCONT). Idempotent. */
  resume(): void;
  /**
   * Starts it again after it was killed, on the same port and data; resolves when it accepts
   * connections. Does nothing while it runs, paused or not.
   * @throws EnvironmentError when it does not come up, or was stopped.
   */
  restart(): Promise<void>;
  /** Stops it and removes its directory. Idempotent; safe when the server has died or is paused. */
  stop(): Promise<void>;
}

/** A small file system of a server's own. */
export interface Disk {
  /** Writes a file until no byte is left. What the server frees meanwhile is its own again. */
  fill(): Promise<void>;
  /** Removes that file. Idempotent. */
  free(): Promise<void>;
}

export interface ServerOptions {
  /**
   * Survive a power cut: flush to the disk at every commit. Default false: fast, and what was
   * acknowledged survives the server being killed, but not the machine.
   */
  readonly durable?: boolean;
  /** Server variables for the command line, by name. */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * Puts the data directory on a file system of so many mebibytes, in memory (tmpfs), which takes root. Undefined:
   * wherever the private directory is.
   */
  readonly diskMb?: number;
}
