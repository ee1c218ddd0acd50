import { expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { accounts, accountsHold, everyCase, valueOf, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const cases = everyCase(raceServers());

const suicide = {
  postgres: "select pg_terminate_backend(pg_backend_pid())",
  mariadb: "kill connection_id()",
};

test.each(cases)(
  "a session that loses its connection ends, and the others go on: $name on $kind",
  async (way) => {
    await withAccess(way, async (app) => {
      let losses = 0;
      const dying = async (): Promise<void> => {
        await app
          .transaction(async (send) => {
            await send("update account set value = 0 where id = 2");
            await send(suicide[way.kind]);
          })
          .catch(() => losses++);
      };
      const result = await explore(app.database, {
        setup: accounts,
        sessions: [dying, () => app.query("update account set value = value + 1 where id = 1")],
        invariant: accountsHold(11, 20),
        schedules: 8,
        serializable: false,
      });
      expect(result).toMatchObject({ valid: true, schedules: 8, notes: [] });
      expect(losses).toBe(8);
      expect(await valueOf(app.query, 1)).toBe(11);
    });
  },
);
