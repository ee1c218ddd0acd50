import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { Access } from "../support/access.ts";
import { usualCases, withAccess, type RaceCase } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

/** Inserts a purchase and answers the key of it, as it asks for it afterwards. */
async function buy(
  app: Access,
  who: string,
  key: (send: Access["query"]) => Promise<unknown>,
): Promise<unknown> {
  await app.query("insert into audit (what) values ($1)", [who]);
  return app.transaction(async (send) => {
    await send("insert into purchase (who) values ($1)", [who]);
    return { id: await key(send) };
  });
}

const newest = async (send: Access["query"]): Promise<unknown> =>
  Number((await send("select max(id) as id from purchase")).rows[0]?.id);

const own =
  ({ kind }: RaceCase) =>
  async (send: Access["query"]): Promise<unknown> => {
    const last = kind === "postgres" ? "currval('purchase_id_seq')" : "last_insert_id()";
    return Number((await send(`select ${last} as id, count(*) as n from purchase`)).rows[0]?.id);
  };

describe.each(usualCases(servers))("$name on $kind", (way) => {
  const key = way.kind === "postgres" ? "serial primary key" : "int auto_increment primary key";
  const restarting = `
    drop table if exists purchase; drop table if exists audit;
    create table purchase (id ${key}, who varchar(20)); create table audit (id ${key}, what varchar(20))`;
  const lasting = `
    create table if not exists purchase (id ${key}, who varchar(20)); create table if not exists audit (id ${key}, what varchar(20));
    delete from purchase; delete from audit; insert into purchase (who) values ('old')`;

  test.each([
    ["that starts again", restarting],
    ["that goes on", lasting],
  ])("two sessions that are answered the same key are found, with a generator %s", async (_, setup) => {
    await withAccess(way, async (app) => {
      const autocommits = async (who: string): Promise<unknown> => {
        await app.query("insert into purchase (who) values ($1)", [who]);
        return newest(app.query);
      };
      const result = await explore(app.database, {
        setup,
        sessions: [() => autocommits("ann"), () => autocommits("bob")],
        diagnose: false,
      });
      expect(result.finding?.kind).toBe("not-serializable");
      expect(result.finding?.message).toMatch(
        /generated keys and UUIDs are the same: .*result of autocommits\("ann"\) = result of autocommits\("bob"\) = purchase\.id here/,
      );
    });
  });

  test.each([
    ["that starts again", restarting],
    ["that goes on", lasting],
  ])("sessions that are answered their own keys are no race, with a generator %s", async (_, setup) => {
    await withAccess(way, async (app) => {
      const result = await explore(app.database, {
        setup,
        sessions: [() => buy(app, "ann", own(way)), () => buy(app, "bob", own(way))],
      });
      expect(result).toMatchObject({ valid: true, notes: [] });
    });
  });

  test("a number that only happens to be like a key is none", async () => {
    await withAccess(way, async (app) => {
      // Goes in step with the keys of purchases, in every serial order, but not in others.
      const audits = async (who: string): Promise<unknown> => {
        await app.query("insert into purchase (who) values ($1)", [who]);
        await app.query("insert into audit (what) values ($1)", [who]);
        const { rows } = await app.query("select id from audit where what = $1", [who]);
        await app.query("delete from audit where what = $1", [who]);
        return Number(rows[0]?.id);
      };
      const result = await explore(app.database, {
        setup: restarting,
        sessions: [() => audits("ann"), () => audits("bob")],
      });
      expect(result).toMatchObject({ valid: true, notes: [] });
    });
  });
});
