import { test } from "vitest";
import { explore } from "../../src/testing/explore-race.ts";
import { accounts, usualCases, valueOf, withAccess } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";
const servers = raceServers();
test.each(usualCases(servers))("$kind", async (way) => {
  await withAccess(way, async (app) => {
    const safe = (amount: number): Promise<number> => app.transaction(async (send) => { const v = await valueOf(send, 1, " for update"); await send("update account set value = $1 where id = 1", [v + amount]); return v + amount; });
    const said = new Map<string, number>();
    for (let i = 0; i < 25; i++) {
      const r = await explore(app.database, { setup: accounts, sessions: (draw) => [1, 2].map(() => draw.int(9)).map((a) => () => safe(a)), schedules: 10_000, timeLimitMs: 300 + 37 * i }).catch((e: unknown) => e as Error);
      const text = r instanceof Error ? r.message : `${r.valid} ${r.notes.join()}`;
      said.set(text, (said.get(text) ?? 0) + 1);
    }
    console.log([...said]);
  });
}, 100_000);
