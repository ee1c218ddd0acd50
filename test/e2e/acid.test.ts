import { describe, expect, inject, test } from "vitest";

import { interruptedIsolab, isolab } from "../support/cli.ts";
import { freshRun, serverOf, withDatabase } from "../support/databases.ts";
import { serverUrls } from "../support/servers.ts";

interface Report {
  readonly database: { readonly kind: string };
  readonly checks: readonly {
    readonly property: string;
    readonly outcome: string;
    readonly commits?: { readonly acknowledged: number; readonly missing: number };
    readonly steps?: readonly unknown[];
  }[];
}

test("isolab acid kills a server of its own, and what was acknowledged is there", async () => {
  const { code, stdout, stderr } = await isolab(["acid", "--db", "postgres,mariadb", "--json"]);

  const { complete, reports } = JSON.parse(stdout) as { complete: boolean; reports: Report[] };
  expect(complete).toBe(true);
  expect(reports.map(({ database }) => database.kind)).toEqual(["postgres", "mariadb"]);
  for (const { checks } of reports) {
    expect(checks).toHaveLength(17);
    expect(checks.filter(({ outcome }) => outcome !== "kept")).toEqual([]);
    const { acknowledged = 0, missing } = checks.at(-1)?.commits ?? {};
    expect(acknowledged).toBeGreaterThanOrEqual(200);
    expect(missing).toBe(0);
  }
  expect(stderr).toBe("");
  expect(code).toBe(0);
});

describe.each(serverUrls())("isolab acid on a $kind of the user's", ({ url, kind }) => {
  test("prints the levels side by side, and says that it does not kill it", async () => {
    const { code, stdout } = await isolab(["acid", "--url", url]);
    expect(stdout).toMatch(new RegExp(`^ACID on ${kind} `));
    expect(stdout).toContain("first, then second: shows");
    expect(stdout).toContain("not tried: this server is not isolab's to kill");
    expect(stdout).toContain("16 of 17 as the server promises; 1 not tried");
    expect(code).toBe(0);
  });
});

test("each schedule is told statement by statement as data", async () => {
  const { stdout } = await isolab(["acid", "--url", inject("mariadbUrl"), "--json"]);
  const { reports } = JSON.parse(stdout) as { reports: Report[] };
  const schedules = reports[0]?.checks.filter(({ property }) => property === "isolation") ?? [];
  expect(schedules[3]?.steps).toEqual([
    { session: "A", sql: "begin" },
    { session: "A", sql: "update models set description = 'draft' where id = 1" },
    { session: "B", sql: "begin" },
    { session: "B", sql: "select description from models where id = 1", waited: true, shown: "first" },
    { session: "A", sql: "rollback" },
    { session: "B", sql: "commit" },
  ]);
});

test("Ctrl-C leaves what was tried until then, and says that it is not all", async () => {
  await withDatabase(serverOf("postgres"), async (database) => {
    const name = `acid_${freshRun()}`;
    await database.execute([`create database ${name}`]);
    const session = await database.connect("read-committed");
    try {
      const url = new URL(inject("postgresUrl"));
      url.pathname = name;
      const { code, stdout } = await interruptedIsolab(["acid", "--url", url.href], async () => {
        const isolation =
          "select 1 from pg_stat_activity where datname = $1 and query like '%select description%'";
        return (await session.query(isolation, [name])).rows.length > 0;
      });
      expect(stdout).toMatch(/^ACID on postgres .*\n\natomicity\n/);
      expect(stdout).not.toContain("durability");
      expect(stdout).toMatch(/\n\nIt broke off: not everything was tried\.\n$/);
      expect(code).toBe(130);
    } finally {
      await session.close();
      await database.execute([`drop database ${name}`]);
    }
  });
});

test.each([
  [["--db", "oracle"], /--db must be one of postgres, mysql, mariadb/],
  [["--url", "oracle://there"], /--url must look like postgres:/],
  [["--db", "postgres", "--url", "postgres://there"], /mutually exclusive/],
])("bad usage %j is one sentence", async (args, sentence) => {
  const { code, stdout, stderr } = await isolab(["acid", ...args]);
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stdout).toBe("");
  expect(code).toBe(254);
});
