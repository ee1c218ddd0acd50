import { race, startServer } from "isolab/vitest";
import pg from "pg";
import { test } from "vitest";
import { sell } from "./sell.ts";

test("a ticket is sold once", async () => {
  const server = await startServer("postgres");
  const pool = new pg.Pool({ connectionString: server.url });
  await race(pool, {
    setup: `drop table if exists tickets;
            create table tickets (id int primary key, owner text);
            insert into tickets values (1, null)`,
    sessions: [() => sell(pool, 1, "ann"), () => sell(pool, 1, "bob")],
  });
});
