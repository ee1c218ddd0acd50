import { randomUUID } from "node:crypto";
import { expect } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { describeUsualApps } from "../support/app-test.ts";

describeUsualApps("$name on $kind", (test, way) => {
  const key = way.kind === "postgres" ? "serial primary key" : "int auto_increment primary key";
  const orders = `
    drop table if exists line; drop table if exists purchase;
    create table purchase (id ${key}, who varchar(20));
    create table line (id ${key}, purchase int, who varchar(20), foreign key (purchase) references purchase (id))`;

  test("a line that belongs to another one's order is found, though keys are not compared", async (app) => {
    const order = async (who: string): Promise<void> => {
      await app.query("insert into purchase (who) values ($1)", [who]);
      const { rows } = await app.query("select max(id) as id from purchase");
      await app.query("insert into line (purchase, who) values ($1, $2)", [rows[0]?.id, who]);
    };
    const result = await explore(app.database, {
      setup: orders,
      sessions: [() => order("ann"), () => order("bob")],
      diagnose: false,
    });
    expect(result.finding?.kind).toBe("not-serializable");
    expect(result.finding?.message).toMatch(
      /generated keys and UUIDs are the same: .*line\.purchase \(2 times\)/,
    );
  });

  test("lines of their own orders are no race, whoever gets which key", async (app) => {
    const order = (who: string): Promise<void> =>
      app.transaction(async (send) => {
        const { rows, affected } = await send(
          way.kind === "postgres"
            ? "insert into purchase (who) values ($1) returning id"
            : "insert into purchase (who) values ($1)",
          [who],
        );
        expect(affected).toBe(1);
        const id: unknown =
          way.kind === "postgres" ? rows[0]?.id : (await send("select last_insert_id() as id")).rows[0]?.id;
        await send("insert into line (purchase, who) values ($1, $2)", [id, who]);
        await send("insert into line (purchase, who) values ($1, $2)", [id, who]);
      });
    const result = await explore(app.database, {
      setup: orders,
      sessions: [() => order("ann"), () => order("bob")],
    });
    expect(result).toMatchObject({ valid: true, notes: [] });
  });

  test("two tokens where every order has one are found", async (app) => {
    const token = async (): Promise<string> => {
      const { rows } = await app.query("select token from account_token where id = 1");
      const known = rows[0]?.token;
      if (typeof known === "string") return known;
      const made = randomUUID();
      await app.query("update account_token set token = $1 where id = 1", [made]);
      return made;
    };
    const result = await explore(app.database, {
      setup: `drop table if exists account_token;
        create table account_token (id int primary key, token varchar(36)); insert into account_token values (1, null)`,
      sessions: [token, token],
      diagnose: false,
    });
    expect(result.finding?.kind).toBe("not-serializable");
  });
});
