import type { Dialect } from "../../../src/clients/database.ts";
import { rules as mysqlRules } from "../../../src/clients/mysql/rules.ts";
import { openWire as openMysql } from "../../../src/clients/mysql/wire.ts";
import { rules as postgresRules } from "../../../src/clients/postgres/rules.ts";
import { openWire as openPostgres } from "../../../src/clients/postgres/wire.ts";
import { parseTarget } from "../../../src/clients/target.ts";
import type { Wire } from "../../../src/clients/wire.ts";
import type { TracedResult } from "../../../src/scheduler/trace.ts";
import { clock } from "../../support/databases.ts";
import type { SharedServer } from "../../support/servers.ts";

/** A bare session on a shared server, as a terminal would have it: nothing of ours is set. */
export function openTerminal(server: SharedServer): Promise<Wire> {
  const options = { target: parseTarget(server.url), connectTimeoutMs: 10_000, clock };
  return server.dialect === "postgres"
    ? openPostgres({ ...options, applicationName: "terminal" })
    : openMysql({ ...options, database: undefined });
}

export type Happening =
  | { readonly type: "returned"; readonly session: string; readonly result: TracedResult }
  | { readonly type: "blocked"; readonly session: string };

interface Pending {
  readonly wire: Wire;
  result?: TracedResult;
  blockedTold: boolean;
}

/** Plays statements one at a time on several sessions, and waits until each has returned or provably waits. */
export class LockStep {
  readonly #server: SharedServer;
  readonly #observer: Wire;
  readonly #wires = new Map<string, Wire>();
  readonly #pending = new Map<string, Pending>();

  static async open(server: SharedServer): Promise<LockStep> {
    return new LockStep(server, await openTerminal(server));
  }

  private constructor(server: SharedServer, observer: Wire) {
    this.#server = server;
    this.#observer = observer;
  }

  /** Answers what the statement led to, its own session first. */
  async play(session: string, sql: string, params: readonly unknown[] = []): Promise<readonly Happening[]> {
    if (this.#pending.has(session)) throw new Error(`session ${session} is still waiting`);
    const wire = await this.#wire(session);
    const pending: Pending = { wire, blockedTold: false };
    this.#pending.set(session, pending);
    void wire.send(sql, params).then(
      ({ rows, affected }) => {
        pending.result = rows.length > 0 || /^\s*select/i.test(sql) ? { rows } : { affected };
      },
      (error: unknown) => {
        pending.result = { error: described(error, this.#server.dialect) };
      },
    );
    const happened = await this.#settle();
    return happened.sort((a, b) => Number(b.session === session) - Number(a.session === session));
  }

  /** Ends a session from outside, and answers what that led to. */
  async kill(session: string): Promise<readonly Happening[]> {
    const { sessionId } = await this.#wire(session);
    await this.#observer.send(
      this.#server.dialect === "postgres"
        ? `select pg_terminate_backend(${sessionId}, 5000)`
        : `KILL CONNECTION ${sessionId}`,
    );
    return this.#settle();
  }

  async close(): Promise<void> {
    for (const wire of [...this.#wires.values(), this.#observer]) await wire.end();
  }

  /** The session's connection: a new one when the last one is lost. */
  async #wire(session: string): Promise<Wire> {
    const known = this.#wires.get(session);
    if (known?.lost === undefined && known !== undefined) return known;
    const wire = await openTerminal(this.#server);
    this.#wires.set(session, wire);
    return wire;
  }

  async #settle(): Promise<Happening[]> {
    const happened: Happening[] = [];
    // Twice the same answer, a deadlock check apart: a session that is about to be a victim counts as waiting.
    const pauseMs = 60;
    for (let calm = 0; calm < 2;) {
      await clock.sleep(calm === 0 ? 2 : pauseMs);
      const before = this.#pending.size;
      for (const [session, { result }] of this.#pending) {
        if (result === undefined) continue;
        happened.push({ type: "returned", session, result });
        this.#pending.delete(session);
      }
      if (this.#pending.size === 0) break;
      calm = this.#pending.size === before && (await this.#allBlocked()) ? calm + 1 : 0;
    }
    for (const [session, pending] of this.#pending) {
      if (pending.blockedTold) continue;
      pending.blockedTold = true;
      happened.push({ type: "blocked", session });
    }
    return happened;
  }

  async #allBlocked(): Promise<boolean> {
    const ids = [...this.#pending.values()].map(({ wire }) => wire.sessionId);
    if (this.#server.dialect === "postgres") {
      const { rows } = await this.#observer.send(
        `select distinct pid from pg_locks where not granted and pid in (${ids.join()})`,
      );
      return rows.length === ids.length;
    }
    const { rows } = await this.#observer.send("SHOW ENGINE INNODB STATUS");
    const waiting = String(rows[0]?.Status)
      .split("---TRANSACTION")
      .filter((part) => part.includes("LOCK WAIT"))
      .map((part) => Number(/thread id (\d+)/.exec(part)?.[1]));
    return ids.every((id) => waiting.includes(id));
  }
}

function described(error: unknown, dialect: Dialect): Extract<TracedResult, { error: unknown }>["error"] {
  const { fields } = (dialect === "postgres" ? postgresRules : mysqlRules).classify(
    error,
    "statement",
    false,
  );
  return {
    cause: fields.cause,
    ...(fields.code === undefined ? {} : { code: fields.code }),
    message: error instanceof Error ? error.message : String(error),
  };
}
