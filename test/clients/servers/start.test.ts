import { existsSync, readFileSync, statfsSync } from "node:fs";
import { join } from "node:path";

import mysql from "mysql2/promise";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import type { Server, ServerOptions } from "../../../src/clients/servers/server.ts";
import { smallDiskMb } from "../../../src/clients/servers/small-disk.ts";
import { startMysql } from "../../../src/clients/servers/start-mysql.ts";
import { startPostgres } from "../../../src/clients/servers/start-postgres.ts";
import { realClock } from "../../../src/clock/real-clock.ts";
import { freshToken } from "../../../src/random/entropy.ts";
import { mountsBelow, whyNoMount } from "../../support/mounting.ts";
import { processesOf } from "./sandbox.ts";

interface Kind {
  readonly name: "PostgreSQL" | "MariaDB";
  readonly start: (options?: ServerOptions) => Promise<Server>;
  readonly query: (url: string, sql: string) => Promise<unknown>;
  readonly flushSetting: string;
}

const clock = realClock();

const kinds: readonly Kind[] = [
  {
    name: "PostgreSQL",
    start: async (options = {}) => stoppedAtEnd(await startPostgres(options, clock, freshToken(16))),
    query: async (url, sql) => {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
      client.on("error", () => undefined);
      await client.connect();
      try {
        return firstField((await client.query<object>(sql)).rows);
      } finally {
        await client.end();
      }
    },
    flushSetting: "select current_setting('fsync')",
  },
  {
    name: "MariaDB",
    start: async (options = {}) =>
      stoppedAtEnd(await startMysql(options, clock, freshToken(16), { insist: "mariadb" })),
    query: async (url, sql) => {
      const connection = await mysql.createConnection({ uri: url, connectTimeout: 5000 });
      try {
        const [rows] = await connection.query(sql);
        return Array.isArray(rows) ? firstField(rows) : undefined;
      } finally {
        await connection.end();
      }
    },
    flushSetting: "select @@innodb_flush_log_at_trx_commit",
  },
];

function firstField(rows: readonly object[]): unknown {
  return (Object.values(rows[0] ?? {}) as unknown[])[0];
}

function stoppedAtEnd(server: Server): Server {
  onTestFinished(() => server.stop());
  return server;
}

/** `S`, `T`, …; undefined for a process that has ended. */
function stateOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.[0];
  } catch {
    return undefined;
  }
}

describe.each(kinds)("$name", ({ name, start, query, flushSetting }) => {
  test("answers a query, and stopping it removes its processes and its directory", async () => {
    const server = await start();
    expect(await query(server.url, "select 1 as one")).toBe(1);
    expect(server.kind).toBe(name === "PostgreSQL" ? "postgres" : "mariadb");
    expect(existsSync(server.directory)).toBe(true);
    expect(processesOf(server.directory).length).toBeGreaterThan(0);
    await server.stop();
    expect(existsSync(server.directory)).toBe(false);
    expect(processesOf(server.directory)).toEqual([]);
    expect(await server.ended).toBe(`${name} was stopped.`);
    await server.stop();
  });

  test("several run at once, each with its own data", async () => {
    const servers = await Promise.all([start(), start(), start()]);
    for (const [index, server] of servers.entries()) {
      const schema = name === "PostgreSQL" ? "create schema own" : "create database own";
      await query(server.url, schema);
      await query(server.url, `create table own.t as select ${index} as n`);
    }
    const seen = await Promise.all(servers.map((server) => query(server.url, "select n from own.t")));
    expect(seen.map(Number)).toEqual([0, 1, 2]);
    expect(new Set(servers.map((server) => server.url)).size).toBe(3);
    await Promise.all(servers.map((server) => server.stop()));
    expect(servers.filter((server) => existsSync(server.directory))).toEqual([]);
  });

  test("refuses a wrong password", async () => {
    const server = await start();
    await expect(query(server.url.replace(/:[0-9a-f]+@/, ":wrong@"), "select 1")).rejects.toThrow(
      /password|denied/i,
    );
  });

  test("takes the user's settings, over its own as well", async () => {
    const isPostgres = name === "PostgreSQL";
    const settings = isPostgres
      ? { work_mem: "7MB", deadlock_timeout: "3s" }
      : { "sort-buffer-size": "2097152", "skip-name-resolve": "OFF" };
    const server = await start({ settings });
    const [plain, over] = isPostgres
      ? ["select current_setting('work_mem')", "select current_setting('deadlock_timeout')"]
      : ["select @@sort_buffer_size", "select @@skip_name_resolve"];
    expect(await query(server.url, plain)).toBe(isPostgres ? "7MB" : 2097152);
    expect(await query(server.url, over)).toBe(isPostgres ? "3s" : 0);
  });

  test("flushes to the disk only when it has to be durable", async () => {
    const [fast, durable] = await Promise.all([start(), start({ durable: true })]);
    expect(await query(fast.url, flushSetting)).toBe(name === "PostgreSQL" ? "off" : 2);
    expect(await query(durable.url, flushSetting)).toBe(name === "PostgreSQL" ? "on" : 1);
  });

  test("keeps what was committed when it is killed, and starts again", async () => {
    const server = await start();
    await query(server.url, name === "PostgreSQL" ? "create schema own" : "create database own");
    await query(server.url, "create table own.t as select 42 as n");
    const killed = server.pid;
    process.kill(killed, "SIGKILL");
    expect(await server.ended).toMatch(new RegExp(`^${name} ended with signal SIGKILL`));
    await expect(query(server.url, "select 1")).rejects.toThrow();
    await server.restart();
    expect(server.pid).not.toBe(killed);
    expect(Number(await query(server.url, "select n from own.t"))).toBe(42);
    await server.restart();
    await server.stop();
    expect(existsSync(server.directory)).toBe(false);
    await expect(server.restart()).rejects.toThrow(/was stopped/);
  });

  test("is paused with all its processes, and goes on when it is resumed", async () => {
    const server = await start();
    const answering = (): Promise<unknown> => query(server.url, "select 1 as one");
    // Sessions come while it is being stopped.
    const queries = Array.from({ length: 20 }, answering);
    await clock.sleep(5);
    server.pause();
    const pids = processesOf(server.directory).map((process) => Number.parseInt(process, 10));
    const states = pids.map(stateOf).filter((state) => state !== undefined);
    expect(states.length).toBeGreaterThan(0);
    expect(new Set(states)).toEqual(new Set(["T"]));
    let answered = false;
    const asked = answering().finally(() => (answered = true));
    await clock.sleep(300);
    expect(answered).toBe(false);
    server.resume();
    server.resume();
    expect(await asked).toBe(1);
    expect(await Promise.all(queries)).toEqual(Array.from({ length: 20 }, () => 1));
  });

  test("that is killed while it is paused starts again", async () => {
    const server = await start();
    server.pause();
    server.signal("SIGKILL");
    await server.ended;
    server.signal("SIGKILL");
    await server.restart();
    expect(await query(server.url, "select 1 as one")).toBe(1);
  });

  test("refuses to write to a small disk that is full, and goes on when it is not", async (context) => {
    const obstacle = whyNoMount();
    if (obstacle !== undefined) {
      console.log(`skipped: ${obstacle}`);
      context.skip(obstacle);
    }
    expect((await start()).disk).toBeNull();
    const server = await start({ diskMb: smallDiskMb });
    const own = name === "PostgreSQL" ? "create schema own" : "create database own";
    await query(server.url, own);
    await query(server.url, "create table own.t (s varchar(2000))");
    const grow = (): Promise<unknown> =>
      query(server.url, `insert into own.t values ${Array(2000).fill("(repeat('x', 2000))").join(", ")}`);
    await grow();
    await server.disk!.fill();
    const { bavail } = statfsSync(join(server.directory, "data"));
    expect(bavail).toBe(0);
    await expect(grow()).rejects.toThrow(/No space left on device|is full/);
    await server.disk!.free();
    await server.disk!.free();
    await server.restart();
    await grow();
    expect(Number(await query(server.url, "select count(*) from own.t"))).toBe(4000);
    await server.stop();
    expect(existsSync(server.directory)).toBe(false);
    expect(mountsBelow(server.directory)).toEqual([]);
  });

  test("can be stopped after it has died by itself, and while it is paused", async () => {
    const [dead, paused] = await Promise.all([start(), start()]);
    process.kill(dead.pid, "SIGKILL");
    await dead.ended;
    process.kill(paused.pid, "SIGSTOP");
    await Promise.all([dead.stop(), paused.stop()]);
    for (const { directory } of [dead, paused]) {
      expect(existsSync(directory)).toBe(false);
      expect(processesOf(directory)).toEqual([]);
    }
  });
});

test("PostgreSQL tells its log line by line: a lock wait beyond deadlock_timeout, with its time", async () => {
  const server = stoppedAtEnd(await startPostgres({}, clock, freshToken(16)));
  const lines: string[] = [];
  const stopListening = server.onLog((line) => lines.push(line));
  const [holder, waiter] = [new pg.Client(server.url), new pg.Client(server.url)];
  await Promise.all([holder.connect(), waiter.connect()]);
  const locked = async (client: pg.Client): Promise<unknown> => client.query("select pg_advisory_lock(1)");
  await locked(holder);
  const waiting = locked(waiter);
  await expect.poll(() => lines.join("\n")).toMatch(/^\d+\.\d+ LOG: +process \d+ still waiting for/m);
  await holder.query("select pg_advisory_unlock(1)");
  await waiting;
  await expect.poll(() => lines.join("\n")).toMatch(/acquired ExclusiveLock/);
  stopListening();
  const told = lines.length;
  await Promise.all([holder.end(), waiter.end()]);
  await server.stop();
  expect(lines).toHaveLength(told);
});

test("PostgreSQL stops soon although the backend of a session is stopped", async () => {
  const server = stoppedAtEnd(await startPostgres({}, clock, freshToken(16)));
  const client = new pg.Client(server.url);
  const lost = new Promise((resolve) => client.on("error", resolve));
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  process.kill(rows[0]!.pid, "SIGSTOP");
  const start = Date.now();
  await server.stop();
  // Sleeping through the request would cost the whole bound of five seconds.
  expect(Date.now() - start).toBeLessThan(4000);
  await lost;
  expect(processesOf(server.directory)).toEqual([]);
});
