import type { Clock } from "../clock/clock.ts";
import type { DatabaseDescription, IsolationLevel } from "../history/header.ts";
import type { Dialect } from "./database.ts";
import type { Namespaces } from "./namespace.ts";
import type { Settings } from "./settings.ts";
import type { Catalog } from "./catalog.ts";
import type { Target } from "./target.ts";
import type { OwnServer, Watcher } from "./watcher.ts";
import type { Rules, Wire } from "./wire.ts";

/** Everything one database does in its own way: the seam that each dialect's folder fills. */
export interface Side {
  readonly dialect: Dialect;
  readonly rules: Rules;
  readonly namespaces: Namespaces;
  /**
   * The session that holds the lock, creates and drops the namespace and asks about the others. The user's
   * settings are applied to it too, so that they can be read back.
   */
  openControl(): Promise<Wire>;
  /**
   * A session of the run in its namespace, its level set and read back.
   * @throws the driver's error when there is no connection; EnvironmentError when a setting or the level is
   * not what was asked for.
   */
  openSession(namespace: string, isolation: IsolationLevel): Promise<Wire>;
  /** What the server says it is, as a session of ours sees it. */
  describe(wire: Wire): Promise<DatabaseDescription>;
  /** Ids of the sessions of a run that the server knows, the asking one not included. */
  sessions(wire: Wire, namespace: string): Promise<readonly number[]>;
  /**
   * How many of the run's sessions wait for a lock, as of now. Made to be asked some ten times a second beside
   * sessions that are measured: a question or two that read what the server keeps in memory.
   */
  lockWaiters(wire: Wire, namespace: string): Promise<number>;
  /** Who watches the sessions of a stepped execution, on a control session of its own. */
  watcher(wire: Wire, own: OwnServer): Promise<Watcher>;
  /** What is in a namespace, our marker left out. */
  catalog(wire: Wire, namespace: string): Promise<Catalog>;
  /** The statements that keep the server from changing its plans for these tables on its own. */
  steady(tables: readonly string[]): readonly string[];
  /** The statements that empty these tables and let identities begin anew. */
  empty(tables: readonly string[]): readonly string[];
  /** Ends a session if it belongs to the run; false when no such session is there. */
  endSession(wire: Wire, namespace: string, sessionId: number): Promise<boolean>;
  /** Breaks off the statement of a session, if it belongs to the run. */
  cancelStatement(wire: Wire, namespace: string, sessionId: number): Promise<void>;
}

/** Where something listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What a side is made from. */
export interface SideOptions {
  readonly target: Target;
  /** The namespace's name: sessions carry it, so that the server can tell them apart. */
  readonly namespace: string;
  readonly settings: Settings;
  /** The level of the control session, so that it is read back; the server's default when undefined. */
  readonly isolation: IsolationLevel | undefined;
  readonly connectTimeoutMs: number;
  /** Where sessions of the run connect; the control session and watchers go to the server itself. */
  readonly through: Address | undefined;
  /** How long a session of the run waits for an answer before it gives up; for ever when undefined. */
  readonly answerTimeoutMs: number | undefined;
  readonly clock: Clock;
}

/** Where a session connects, and how long it waits for an answer. */
export interface Route {
  readonly address: Address;
  readonly answerTimeoutMs: number | undefined;
}

/** The way that sessions of the run take. */
export function sessionRoute({ target, through, answerTimeoutMs }: SideOptions): Route {
  return { address: through ?? target, answerTimeoutMs };
}
