import { describe, expect, test } from "vitest";

import { storedAroundLocks } from "../../src/testing/execution/stored-around-locks.ts";
import { serverUrls, type SharedServer } from "../support/servers.ts";
import { withUserDatabase } from "./serial/user-database.ts";

const schemas: Readonly<Record<SharedServer["dialect"], readonly string[]>> = {
  postgres: [
    "create table job (id int primary key, done int)",
    "create table plain (id int primary key)",
    "create table wish (id int)",
    "create view free as select id from job where done = 0 for update skip locked",
    "create function first_free() returns int language sql as 'select min(id) from free'",
    "create function tries() returns boolean language sql begin atomic select pg_try_advisory_xact_lock(1); end",
    "create function harmless() returns int language sql as 'select 1'",
    "create function granted() returns trigger language plpgsql as 'begin new.id := first_free(); return new; end'",
    "create trigger grants before insert on wish for each row execute function granted()",
  ],
  mysql: [
    "create table job (id int primary key, done int)",
    "create table plain (id int primary key)",
    "create table wish (id int)",
    "create view free as select id from job where done = 0",
    "create function first_free() returns int reads sql data return (select id from job limit 1 for update skip locked)",
    "create function tries() returns int return get_lock('x', 0)",
    "create function harmless() returns int return 1",
    "create trigger grants before insert on wish for each row set new.id = first_free()",
  ],
};

describe.each(serverUrls())("what is stored on $kind and goes around locks", (server) => {
  test("is found behind whatever leads to it", async () => {
    await withUserDatabase(server, async (database) => {
      const { ask, dialect } = database;
      await database.execute(...schemas[dialect]);
      const leads = await storedAroundLocks(ask, dialect);
      expect(leads("select first_free()")).toBe(true);
      expect(leads("select tries()")).toBe(true);
      expect(leads("insert into wish values (1)")).toBe(true);
      expect(leads("select * from free")).toBe(dialect === "postgres");
      expect(leads("select harmless() from plain, job")).toBe(false);
    });
  });
});
