import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";

import { exploreIn } from "../../src/testing/explore-race.ts";
import { startServer } from "../../src/testing/start-server.ts";
import { withPart } from "./page-parts.ts";

const root = resolve(import.meta.dirname, "../..");

/** As the pages have it; that it is the same is what the equal report says. */
async function sell(pool: pg.Pool, ticket: number, buyer: string): Promise<boolean> {
  const { rows } = await pool.query<{ owner: string | null }>("SELECT owner FROM tickets WHERE id = $1", [
    ticket,
  ]);
  if (rows[0]?.owner !== null) return false;
  await pool.query("UPDATE tickets SET owner = $2 WHERE id = $1", [ticket, buyer]);
  return true;
}

test("the pages show what the race of the ticket prints", async () => {
  await using server = await startServer("postgres");
  const pool = new pg.Pool({ connectionString: server.url });
  const options = {
    setup: `drop table if exists tickets;
            create table tickets (id int primary key, owner text);
            insert into tickets values (1, null)`,
    sessions: [() => sell(pool, 1, "ann"), () => sell(pool, 1, "bob")],
  } as const;
  // What vitest tells.
  const command = "npx vitest run sell.test.ts -t '^a ticket is sold once$'";
  const { report } = await exploreIn(pool, options, { command });
  await pool.end();
  const shown = `\`\`\`text\n${report}\n\`\`\``;
  for (const page of ["README.md", "docs/race.md"]) {
    const text = readFileSync(join(root, page), "utf8");
    expect(text).toBe(withPart(text, ["race output", shown]));
  }
});
