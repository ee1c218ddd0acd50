import { describe, expect, test } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { RaceOptions } from "../../src/testing/race-options.ts";
import type { RaceResult } from "../../src/testing/race-result.ts";
import type { Access } from "../support/access.ts";
import { accounts, usualCases, valueOf, withAccess, type RaceCase } from "../support/race-apps.ts";
import { raceServers } from "../support/race-servers.ts";

const servers = raceServers();

interface Answer {
  readonly tries: number;
}

/** Adds one, and tries again where somebody was faster. */
async function add({ query }: Access, most: number): Promise<Answer> {
  for (let tries = 1; tries <= most; tries++) {
    const value = await valueOf(query, 1);
    const sql = "update account set value = $1 where id = 1 and value = $2";
    if ((await query(sql, [value + 1, value])).affected === 1) return { tries };
  }
  return { tries: 0 };
}

function race(way: RaceCase, options: (app: Access) => Partial<RaceOptions>): Promise<RaceResult> {
  return withAccess(way, (app) => {
    const sessions = [1, 2].map(() => () => add(app, 3));
    return explore(app.database, { setup: accounts, sessions, diagnose: false, ...options(app) });
  });
}

describe.each(usualCases(servers))("what is told besides: $name on $kind", (way) => {
  test("where only answers differ, what they may mean", async () => {
    const { finding } = await race(way, () => ({}));
    expect(finding?.message).toMatch(/Only answers differ\. .*`gaveUp`\..* ignore: \["result\.tries"\]\.$/m);
    expect((await race(way, () => ({ ignore: ["result.tries"] }))).valid).toBe(true);
  });

  test("where rows differ, nothing of the kind", async () => {
    const { finding } = await race(way, ({ query }) => ({
      sessions: [1, 2].map(() => async () => {
        const value = await valueOf(query, 1);
        await query("update account set value = $1 where id = 1", [value + 1]);
        return value;
      }),
    }));
    expect(finding?.message).toContain("account.value");
    expect(finding?.message).not.toContain("Only answers differ");
  });

  test("who gave up has not thrown", async () => {
    const { notes } = await race(way, (app) => ({
      sessions: [1, 2].map(() => async () => {
        const value = await valueOf(app.query, 1);
        await app.query("insert into entry values (1)");
        const sql = "update account set value = $1 where id = 1 and value = $2";
        return (await app.query(sql, [value + 1, value])).affected === 1;
      }),
      gaveUp: (done) => done === false,
    }));
    expect(notes.join()).toMatch(/gave up after a part of the work had become permanent/);
  });

  test.each([
    ["acount.value", /^There is no "acount\.value" to ignore; do you mean account\.value/],
    ["account.valu", /do you mean account\.value/],
    ["reslt.tries", /^There is no "reslt\.tries" to ignore/],
  ])("%s names nothing and is refused", async (place, sentence) => {
    await expect(race(way, () => ({ ignore: [place] }))).rejects.toThrow(sentence);
  });
});
