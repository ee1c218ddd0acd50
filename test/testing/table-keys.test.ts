import mysql from "mysql2/promise";
import pg from "pg";
import { expect, test } from "vitest";

import type { QueryResult } from "../../src/clients/database.ts";
import { tableKeys } from "../../src/testing/execution/table-keys.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

test("PostgreSQL's keys are those that hold for each row at once, in every schema", async () => {
  const pool = new pg.Pool({ connectionString: servers.find(({ kind }) => kind === "postgres")?.url });
  const query = async (sql: string): Promise<QueryResult> => {
    const { rows } = await pool.query<QueryResult["rows"][number]>(sql);
    return { rows, affected: 0 };
  };
  try {
    await pool.query(`
      create table "Seat" ("Row" int, no int, code text unique, later text unique deferrable, who text,
        primary key ("Row", no));
      create unique index on "Seat" (who) where no = 1;
      create unique index on "Seat" (lower(who));
      create unique index on "Seat" (code, who) include (no);
      create table parent (id int primary key);
      create table child () inherits (parent);
      create table part (id int primary key) partition by range (id);
      create table bare (n int);
      create schema other;
      create table other.twice (id int primary key, a int, b int unique);
      create table twice (id int, a int unique, b int, unique (b, id))`);
    const keysOf = await tableKeys({ dialect: "postgres", query });
    expect(new Set(keysOf("seat").map((key) => [...key].sort().join()))).toEqual(
      new Set(["no,row", "code", "code,who"]),
    );
    expect(keysOf("parent")).toEqual([]);
    expect(keysOf("part")).toEqual([["id"]]);
    expect(keysOf("bare")).toEqual([]);
    expect(keysOf("nowhere")).toEqual([]);
    expect(keysOf("twice").map((key) => [...key].sort().join())).toEqual(["b,id"]);
  } finally {
    await pool.end();
  }
});

test("MariaDB's keys are its unique indexes", async () => {
  const pool = mysql.createPool(servers.find(({ kind }) => kind === "mariadb")?.url ?? "");
  const query = async (sql: string): Promise<QueryResult> => {
    const [rows] = await pool.query(sql);
    return { rows: rows as QueryResult["rows"], affected: 0 };
  };
  try {
    await pool.query(
      "create table Seat (Row_ int, no int, code varchar(9) unique, who text, primary key (Row_, no), key (who(3)))",
    );
    await pool.query("create table bare (n int)");
    const keysOf = await tableKeys({ dialect: "mysql", query });
    expect(new Set(keysOf("seat").map((key) => [...key].sort().join()))).toEqual(
      new Set(["no,row_", "code"]),
    );
    expect(keysOf("bare")).toEqual([]);
  } finally {
    await pool.end();
  }
});
