import { hostname } from "node:os";

import type { Clock } from "../clock/clock.ts";
import type { DatabaseDescription, IsolationLevel } from "../history/header.ts";
import type { Catalog } from "./catalog.ts";
import { connectFailure } from "./connect-failure.ts";
import { keepControl, type Control } from "./control.ts";
import type { Connection, Database, Dialect, LockWaits } from "./database.ts";
import { DatabaseError, EnvironmentError, type Phase } from "./database-error.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { claim, type Marker, namespaceName, release, sweep } from "./namespace.ts";
import { rewired } from "./rewired.ts";
import { Session } from "./session.ts";
import type { Side } from "./side.ts";
import type { Target } from "./target.ts";
import type { OwnServer, Watcher } from "./watcher.ts";
import type { Wire } from "./wire.ts";

export interface ManagedOptions {
  readonly target: Target;
  readonly run: string;
  readonly clock: Clock;
  readonly onWarning: (sentence: string) => void;
}

/**
 * Connects, clears away what dead runs left, creates the run's namespace and answers it as a database.
 * Costs about ten round trips.
 *
 * @throws EnvironmentError when any of that cannot be had; nothing is left behind then
 */
export async function openManaged(side: Side, options: ManagedOptions): Promise<Database> {
  const { target, run, clock, onWarning } = options;
  const namespace = namespaceName(run);
  const marker: Marker = { run, host: hostname(), pid: process.pid, created: clock.date().toISOString() };
  const wire = await side.openControl().catch((error: unknown) => {
    const failure = asConnectError(side, error);
    throw failure instanceof DatabaseError ? connectFailure(target, failure) : failure;
  });
  try {
    const description = await side.describe(wire);
    await sweep(side.namespaces, wire, namespace, (name) => endSessions(side, wire, name, clock), onWarning);
    await claim(side.namespaces, wire, marker, target.label, clock);
    const control = keepControl(wire, () => reopenControl(side, namespace, onWarning));
    return new ManagedDatabase(side, namespace, description, control, clock, onWarning);
  } catch (error) {
    const failure = side.rules.classify(error, "autocommit", wire.lost !== undefined);
    await wire.end();
    if (error instanceof EnvironmentError) throw error;
    throw cannotSetUp(side.namespaces.noun, namespace, target, failure);
  }
}

/** Ends all sessions of a run, and waits a moment until the server has forgotten them. */
async function endSessions(side: Side, wire: Wire, namespace: string, clock: Clock): Promise<void> {
  const deadline = clock.nanos() + farewellMs * 1e6;
  for (const id of await side.sessions(wire, namespace)) await side.endSession(wire, namespace, id);
  while ((await side.sessions(wire, namespace)).length > 0 && clock.nanos() < deadline) await clock.sleep(10);
}

/** There is no session: nothing was sent, whatever the driver says. */
function asConnectError(side: Side, error: unknown): DatabaseError | EnvironmentError {
  return error instanceof EnvironmentError ? error : side.rules.classify(error, "connect", true);
}

/** Without the server's text, which may name the user. */
function cannotSetUp(noun: string, name: string, target: Target, error: DatabaseError): EnvironmentError {
  const { cause, code } = error.fields;
  const why = code === undefined ? cause : `${cause}, ${code}`;
  return new EnvironmentError(
    cause === "permission-denied"
      ? `The user may not create the ${noun} ${name} at ${target.label} (${why}): grant it the right to create one.`
      : `The ${noun} ${name} cannot be created at ${target.label} (${why}): see the server's log.`,
    { cause: error },
  );
}

/** After the server came back: the same namespace, under our lock again. */
async function reopenControl(
  side: Side,
  namespace: string,
  onWarning: (sentence: string) => void,
): Promise<Wire> {
  const wire = await side.openControl().catch((error: unknown) => {
    throw asConnectError(side, error);
  });
  try {
    if (!(await side.namespaces.tryLock(wire, namespace)))
      onWarning(
        `The lock of ${namespace} could not be had again: another run might take it for left behind.`,
      );
    if (await side.namespaces.exists(wire, namespace)) await side.namespaces.use(wire, namespace);
  } catch (error) {
    await wire.end();
    throw error;
  }
  return wire;
}

/** How long sessions that were ended get to disappear from the server's list. */
const farewellMs = 2000;

class ManagedDatabase implements Database {
  readonly dialect: Dialect;
  readonly description: DatabaseDescription;
  readonly #side: Side;
  readonly #namespace: string;
  readonly #control: Control;
  readonly #clock: Clock;
  readonly #onWarning: (sentence: string) => void;
  /** Sessions that were closed here, and may still be on the server's list for a moment. */
  readonly #leaving = new Set<number>();
  #closed: Promise<void> | undefined;

  constructor(
    side: Side,
    namespace: string,
    description: DatabaseDescription,
    control: Control,
    clock: Clock,
    onWarning: (sentence: string) => void,
  ) {
    this.#side = side;
    this.dialect = side.dialect;
    this.#namespace = namespace;
    this.description = description;
    this.#control = control;
    this.#clock = clock;
    this.#onWarning = onWarning;
  }

  async connect(isolation: IsolationLevel): Promise<Connection> {
    if (this.#closed !== undefined) throw new Error("connect() after close().");
    const wire = await this.#side.openSession(this.#namespace, isolation).catch((error: unknown) => {
      throw asConnectError(this.#side, error);
    });
    // A server that was restarted counts from the beginning.
    this.#leaving.delete(wire.sessionId);
    const leaving = rewired(wire, {
      end: () => {
        this.#leaving.add(wire.sessionId);
        return wire.end();
      },
    });
    return new Session(leaving, this.#side.rules, isolation);
  }

  async execute(statements: readonly string[]): Promise<void> {
    await this.#asOurs("autocommit", () =>
      this.#control.run(async (wire) => {
        for (const sql of statements) await wire.send(sql);
      }),
    );
  }

  catalog(): Promise<Catalog> {
    return this.#asOurs("statement", () =>
      this.#control.ask((wire) => this.#side.catalog(wire, this.#namespace)),
    );
  }

  steady(tables: readonly string[]): Promise<void> {
    return this.execute(this.#side.steady(tables));
  }

  empty(tables: readonly string[]): Promise<void> {
    return tables.length === 0 ? Promise.resolve() : this.execute(this.#side.empty(tables));
  }

  async watch(own: OwnServer): Promise<Watcher> {
    const wire = await this.#side.openControl().catch((error: unknown) => {
      throw asConnectError(this.#side, error);
    });
    try {
      const watcher = await this.#side.watcher(oneAtATime(wire), own);
      return {
        ...watcher,
        holdVersions: () => this.#asOurs("statement", () => watcher.holdVersions()),
        waiting: (ids) => this.#asOurs("statement", () => watcher.waiting(ids)),
        timesOut: (id) => this.#asOurs("statement", () => watcher.timesOut(id)),
        cancel: (id) => this.#asOurs("statement", () => watcher.cancel(id)),
      };
    } catch (error) {
      await wire.end();
      throw this.#side.rules.classify(error, "statement", wire.lost !== undefined);
    }
  }

  async lockWaits(): Promise<LockWaits> {
    const wire = await this.#side.openControl().catch((error: unknown) => {
      throw asConnectError(this.#side, error);
    });
    return {
      count: () => this.#asOurs("statement", () => this.#side.lockWaiters(wire, this.#namespace)),
      close: () => wire.end(),
    };
  }

  async sessionsLeft(): Promise<number> {
    const left = await this.#settled((ids) => ids.every((id) => !this.#leaving.has(id)));
    this.#leaving.clear();
    return left.length;
  }

  async kill(sessionId: number): Promise<void> {
    const ours = await this.#asOurs("statement", () =>
      this.#control.ask((wire) => this.#side.endSession(wire, this.#namespace, sessionId)),
    );
    if (ours) this.#leaving.add(sessionId);
  }

  async cancel(sessionId: number): Promise<void> {
    await this.#asOurs("statement", () =>
      this.#control.ask((wire) => this.#side.cancelStatement(wire, this.#namespace, sessionId)),
    );
  }

  async killAll(): Promise<void> {
    for (const id of await this.#sessions()) await this.kill(id);
  }

  async killAndWait(sessionId: number): Promise<void> {
    await this.kill(sessionId);
    await this.#settled((ids) => !ids.includes(sessionId));
  }

  close(): Promise<void> {
    this.#closed ??= this.#shutDown();
    return this.#closed;
  }

  async #shutDown(): Promise<void> {
    try {
      await this.#endSessions();
      const refusal = await this.#control.ask((wire) =>
        release(this.#side.namespaces, wire, this.#namespace),
      );
      if (refusal !== undefined) this.#onWarning(refusal);
    } catch {
      this.#onWarning(
        `The ${this.#side.namespaces.noun} ${this.#namespace} could not be dropped: the next run on this server does it.`,
      );
    } finally {
      await this.#control.end();
    }
  }

  /** A session that was forgotten would keep the namespace from being dropped. */
  async #endSessions(): Promise<void> {
    await this.killAll();
    await this.#settled((ids) => ids.length === 0);
  }

  #sessions(): Promise<readonly number[]> {
    return this.#asOurs("statement", () =>
      this.#control.ask((wire) => this.#side.sessions(wire, this.#namespace)),
    );
  }

  /** Errors of the driver on the control session as ours. @param phase `statement` where nothing is changed */
  async #asOurs<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof EnvironmentError || error instanceof DatabaseError) throw error;
      if (this.#closed !== undefined) throw error;
      throw this.#side.rules.classify(error, phase, false);
    }
  }

  /** Asks until the list is as expected, or {@link farewellMs} have passed. */
  async #settled(expected: (ids: readonly number[]) => boolean): Promise<readonly number[]> {
    const deadline = this.#clock.nanos() + farewellMs * 1e6;
    for (;;) {
      const ids = await this.#sessions();
      if (expected(ids) || this.#clock.nanos() >= deadline) return ids;
      await this.#clock.sleep(1);
    }
  }
}
