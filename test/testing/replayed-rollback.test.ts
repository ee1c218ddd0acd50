import { expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { usualCases, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const cases = usualCases(raceServers());

test.each(cases)(
  "a schedule in which one session had to give up is repeated by its token, on $kind",
  async (way) => {
    await withAccess(way, async (app) => {
      const move = (from: number, to: number): Promise<void> =>
        app.transaction(async (send) => {
          await send("update account set value = value - 1 where id = $1", [from]);
          await send("update account set value = value + 1 where id = $1", [to]);
        });
      const options = {
        setup: `create table if not exists account (id int primary key, value int not null);
        delete from account; insert into account values (1, 10), (2, 20), (3, 30)`,
        sessions: [() => move(1, 2), () => move(2, 3), () => move(3, 1)],
        serializable: false,
        invariant: {
          "nobody gives up": (_: unknown, endings: readonly { readonly type: string }[]) =>
            endings.every(({ type }) => type === "returned"),
        },
        shrink: false,
        diagnose: false,
      } as const;
      const { finding } = await explore(app.database, options);
      expect(finding?.name).toBe("nobody gives up");
      if (way.kind === "mariadb") expect(finding?.interleaving).toContain("ROLLBACK by isolab");
      const again = await explore(app.database, { ...options, replay: finding?.replay ?? "" });
      expect(again.finding).toMatchObject({ interleaving: finding?.interleaving, replay: finding?.replay });
    });
  },
);
