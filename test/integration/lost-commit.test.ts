import { describe, expect, onTestFinished, test } from "vitest";

import { check } from "../../src/checkers/check.ts";
import type { Verdict } from "../../src/checkers/verdict.ts";
import { DatabaseError } from "../../src/clients/database-error.ts";
import type { Database } from "../../src/clients/database.ts";
import type { Server, ServerOptions } from "../../src/clients/servers/server.ts";
import { startMysql } from "../../src/clients/servers/start-mysql.ts";
import { startPostgres } from "../../src/clients/servers/start-postgres.ts";
import { historyBuilder, type HistoryBuilder } from "../../src/history/history-builder.ts";
import type { DatabaseKind } from "../../src/history/header.ts";
import type { Mop, OperationType } from "../../src/history/operation.ts";
import { freshToken } from "../../src/random/entropy.ts";
import { clock, withDatabase } from "../support/databases.ts";
import { header } from "../checkers/support/notation.ts";

const sessions = 4;
const enough = 150;
const isolation = "read-committed";

const start = {
  postgres: (options: ServerOptions) => startPostgres(options, clock, freshToken(16)),
  mariadb: (options: ServerOptions) => startMysql(options, clock, freshToken(16), { insist: "mariadb" }),
} as const;

type Kind = keyof typeof start;

/** Acknowledge a commit before its log has left the server's own memory. */
const forgetful: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  postgres: { synchronous_commit: "off", wal_writer_delay: "10s", wal_writer_flush_after: "1000MB" },
  mariadb: { innodb_flush_log_at_trx_commit: "0", innodb_flush_log_at_timeout: "600" },
};

describe.each(["postgres", "mariadb"] as const)("%s, killed while sessions commit", (kind) => {
  test("loses nothing by the settings of a server of ours", { timeout: 120_000 }, async () => {
    const { verdict, there } = await killed(kind, {});
    expect(verdict.anomalyTypes).toEqual([]);
    expect(there).toBeGreaterThanOrEqual(enough);
  });

  test(
    "loses commits where it acknowledges before it has written the log",
    { timeout: 120_000 },
    async () => {
      const { verdict, there, acknowledged } = await killed(kind, forgetful[kind]);
      expect(there).toBeLessThan(acknowledged);
      expect(verdict).toMatchObject({ valid: false, anomalyTypes: ["lost-commit"] });
      const [witness] = verdict.anomalies["lost-commit"] ?? [];
      expect(witness?.cycle.map(({ f }) => f)).toEqual(["txn", "kill-server", "read-at-rest"]);
      expect(witness?.explanation).toMatch(
        /^add .* was acknowledged .* ms before kill-server .* does not show it/,
      );
    },
  );
});

interface Killed {
  readonly verdict: Verdict;
  readonly acknowledged: number;
  /** How many rows are there at rest. */
  readonly there: number;
}

/** Sessions insert a row and replace another in each transaction, until the server is killed; then all is read. */
async function killed(kind: Kind, settings: Readonly<Record<string, string>>): Promise<Killed> {
  const server = await start[kind]({ settings });
  onTestFinished(() => server.stop());
  const dialect = kind === "postgres" ? "postgres" : "mysql";
  return withDatabase({ kind, dialect, url: server.url }, async (database) => {
    await database.execute([
      "create table items (item varchar(40) primary key)",
      "create table last_by (session_number int primary key, item varchar(40) not null)",
      `insert into last_by values ${Array.from({ length: sessions }, (_, number) => `(${number}, '')`).join(", ")}`,
      // What is there before must not be what is lost.
      kind === "postgres" ? "checkpoint" : "flush logs",
    ]);
    const history = new Recording(kind);
    await untilKilled(database, server, history);
    await server.restart();
    const there = await readAll(database, history);
    return { verdict: check(history.build()), acknowledged: history.acknowledged, there };
  });
}

class Recording {
  acknowledged = 0;
  readonly #builder: HistoryBuilder;
  #index = 0;

  constructor(kind: DatabaseKind) {
    this.#builder = historyBuilder(header(kind, isolation));
  }

  add(process: number | string, type: OperationType, value: readonly Mop[] | string | null, f = "txn"): void {
    if (f === "txn" && type === "ok") this.acknowledged++;
    this.#builder.add({ index: this.#index++, time: clock.nanos(), process, type, f, value });
  }

  build(): ReturnType<HistoryBuilder["build"]> {
    return this.#builder.build();
  }
}

async function untilKilled(database: Database, server: Server, history: Recording): Promise<void> {
  const writers = Array.from({ length: sessions }, (_, number) => write(database, number, history));
  while (history.acknowledged < enough) await clock.sleep(1);
  history.add("nemesis", "invoke", null, "kill-server");
  process.kill(server.pid, "SIGKILL");
  await Promise.all(writers);
  await server.ended;
  history.add("nemesis", "info", "killed the server", "kill-server");
}

/** Transactions, one after the other, until the connection is lost. */
async function write(database: Database, number: number, history: Recording): Promise<void> {
  const connection = await database.connect(isolation);
  try {
    for (let count = 0; ; count++) {
      const item = `${number}.${count}`;
      const mops: readonly Mop[] = [
        ["add", "items", item],
        ["w", `last/${number}`, item],
      ];
      history.add(number, "invoke", mops);
      try {
        await connection.begin(isolation);
        await connection.query("insert into items (item) values ($1)", [item]);
        await connection.query("update last_by set item = $2 where session_number = $1", [number, item]);
        await connection.commit();
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        history.add(number, error.fields.outcome === "indeterminate" ? "info" : "fail", mops);
        return;
      }
      history.add(number, "ok", mops);
    }
  } finally {
    await connection.close();
  }
}

async function readAll(database: Database, history: Recording): Promise<number> {
  const connection = await database.connect(isolation);
  const read = async (mops: readonly Mop[], sql: string): Promise<readonly (readonly [string, number])[]> => {
    history.add(sessions, "invoke", mops, "read-at-rest");
    const { rows } = await connection.query(sql);
    return rows.map(({ item, session_number: number }) => [String(item), Number(number)]);
  };
  try {
    const items = (await read([["rs", "items", null]], "select item from items")).map(([item]) => item);
    history.add(sessions, "ok", [["rs", "items", items]], "read-at-rest");
    const asked = Array.from({ length: sessions }, (_, number): Mop => ["r", `last/${number}`, null]);
    const last = await read(asked, "select item, session_number from last_by");
    const shown = last.map(([item, number]): Mop => ["r", `last/${number}`, item === "" ? null : item]);
    history.add(sessions, "ok", shown, "read-at-rest");
    return items.length;
  } finally {
    await connection.close();
  }
}
