import { describe, expect, test } from "vitest";

import type { Connection } from "../../src/clients/database.ts";
import { DatabaseError } from "../../src/clients/database-error.ts";
import { runAttempt } from "../../src/runner/attempt.ts";
import { hidesWrites } from "../../src/runner/hides-writes.ts";
import type { RunContext } from "../../src/runner/run-context.ts";
import { tracedSession, type TracedSession } from "../../src/runner/session.ts";
import { Abort } from "../../src/workload/abort.ts";
import type { OperationDefinition, Session } from "../../src/workload/workload.ts";

const nothing = (): Promise<void> => Promise.resolve();

/** A server whose every answer tells that it changed so many rows. */
function server(affected: number): Connection {
  const answer = (): Promise<never> => Promise.resolve({ rows: [], affected } as never);
  return {
    sessionId: 1,
    localPort: undefined,
    usable: true,
    begin: nothing,
    beginWith: answer,
    query: answer,
    commit: nothing,
    rollback: nothing,
    close: nothing,
  };
}

const target = { dialect: "postgres", isolation: "serializable" } as const;

/** A session on it. */
function answering(affected: number): TracedSession {
  return tracedSession(server(affected), target, nothing);
}

const cte = "with moved as (update a set x = 1 returning x) select * from moved";

describe("what an attempt has made permanent", () => {
  test.each([
    [1, "update a set x = 1", true],
    [0, "update a set x = 1 where false", false],
    [0, "select x from a for update", false],
    [0, cte, true],
  ])("after a transaction that changed %d rows by %s: %s", async (affected, sql, expected) => {
    const { session, hasEffects } = answering(affected);
    await session.transaction(async (tx) => {
      await tx.query(sql);
      expect(hasEffects()).toBe(false);
    });
    expect(hasEffects()).toBe(expected);
  });

  test("nothing by a transaction that was rolled back, nor by who reads after it", async () => {
    const { session, hasEffects } = answering(0);
    const body = session.transaction(async (tx) => {
      await tx.query(cte);
      throw new Error("changed my mind");
    });
    await expect(body).rejects.toThrow("changed my mind");
    await session.query("select 1");
    expect(hasEffects()).toBe(false);
  });
});

test.each([
  [cte, true],
  ["update a set x = 1; select 1", true],
  ["call pay(1)", true],
  ["INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING", false],
  [" delete from a; ", false],
  ["select x, last_update from a for no key update", false],
  ["savepoint before_insert", false],
  ["set statement max_statement_time = 5 for update t set v = 1", true],
  ["set statement max_statement_time = 5 for select v from t for update", false],
  ["execute bump", true],
])("%s hides writes: %s", (sql, expected) => {
  expect(hidesWrites(sql)).toBe(expected);
});

describe("who goes on after an answer that got lost", () => {
  const lost = new DatabaseError("the connection was lost", {
    cause: "connection-lost",
    phase: "commit",
    outcome: "indeterminate",
    code: undefined,
    connectionLost: true,
  });
  const losing: Partial<Connection> = {
    commit: () => Promise.reject(lost),
    query: () => Promise.reject(lost),
  };
  const value = [["add", "k", "1.0"] as const];

  /** How the attempt of a body is recorded. */
  async function recorded(
    run: OperationDefinition["run"],
    connection: Partial<Connection>,
  ): Promise<unknown> {
    const types: unknown[] = [];
    const context = {
      recorder: { invoke: () => undefined, complete: ({ type }: { type: unknown }) => types.push(type) },
      clock: { nanos: () => 0 },
      database: { dialect: target.dialect },
      isolation: target.isolation,
      operations: { act: { invoke: () => value, run } },
    } as unknown as RunContext;
    const attempt = { process: 1, planned: { f: "act", args: {} }, id: "1.0", think: nothing };
    await runAttempt(context, { ...server(1), ...connection }, attempt);
    return types[0];
  }

  const insert = "insert into a values (1)";
  const inTransaction = (sql: string) => (session: Session) =>
    session.transaction((tx) => tx.query(sql)).catch(() => undefined);
  const byItself = (sql: string) => (session: Session) => session.query(sql).catch(() => undefined);

  test.each([
    ["a COMMIT", inTransaction(insert), { commit: losing.commit }, "info"],
    ["a COMMIT of nothing but reads", inTransaction("select 1"), { commit: losing.commit }, "fail"],
    ["a write that commits itself", byItself(insert), { query: losing.query }, "info"],
    ["a read", byItself("select 1"), { query: losing.query }, "fail"],
  ] as const)("after %s: gives up, or is content", async (name, act, connection, ending) => {
    const readOnly = name.includes("reads") ? server(0) : {};
    const giveUp: OperationDefinition["run"] = async (session) => {
      await act(session);
      throw new Abort("enough");
    };
    const goOn: OperationDefinition["run"] = async (session) => {
      await act(session);
      return { value: [] };
    };
    expect(await recorded(giveUp, { ...readOnly, ...connection } as Partial<Connection>)).toBe(ending);
    expect(await recorded(goOn, { ...readOnly, ...connection } as Partial<Connection>)).toBe(
      ending === "info" ? "info" : "ok",
    );
  });
});
