import { describe, expect, test } from "vitest";

import type { Connection } from "../../src/clients/database.ts";
import { hidesWrites } from "../../src/runner/hides-writes.ts";
import { tracedSession, type TracedSession } from "../../src/runner/session.ts";

const nothing = (): Promise<void> => Promise.resolve();

/** A session on a server whose every answer tells that it changed so many rows. */
function answering(affected: number): TracedSession {
  const answer = (): Promise<never> => Promise.resolve({ rows: [], affected } as never);
  const connection: Connection = {
    sessionId: 1,
    usable: true,
    begin: nothing,
    beginWith: answer,
    query: answer,
    commit: nothing,
    rollback: nothing,
    close: nothing,
  };
  return tracedSession(connection, { dialect: "postgres", isolation: "serializable" }, nothing);
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

  test("nothing by a transaction that was rolled back", async () => {
    const { session, hasEffects } = answering(1);
    const body = session.transaction(async (tx) => {
      await tx.query(cte);
      throw new Error("changed my mind");
    });
    await expect(body).rejects.toThrow("changed my mind");
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
])("%s hides writes: %s", (sql, expected) => {
  expect(hidesWrites(sql)).toBe(expected);
});
