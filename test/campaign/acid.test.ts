import { describe, expect, onTestFinished, test } from "vitest";

import type { AcidCheck } from "../../src/campaign/acid/acid-report.ts";
import { acidTables } from "../../src/campaign/acid/acid-tables.ts";
import { atomicity } from "../../src/campaign/acid/atomicity.ts";
import { consistency } from "../../src/campaign/acid/consistency.ts";
import { durability } from "../../src/campaign/acid/durability.ts";
import { isolation } from "../../src/campaign/acid/isolation.ts";
import { runAcid } from "../../src/campaign/acid/run-acid.ts";
import type { Connection, Database } from "../../src/clients/database.ts";
import { startPostgres } from "../../src/clients/servers/start-postgres.ts";
import { freshToken } from "../../src/random/entropy.ts";
import { clock, serverOf, withDatabase } from "../support/databases.ts";
import { serverUrls } from "../support/servers.ts";

const never = new AbortController().signal;

function outcomes(checks: readonly AcidCheck[]): Record<string, string> {
  return Object.fromEntries(
    checks.map(({ name, isolation: level = "", outcome }) => [`${name} ${level}`, outcome]),
  );
}

/** What was seen of one phenomenon, by level. */
function seen(checks: readonly AcidCheck[], phenomenon: string): readonly string[] {
  return checks.filter(({ name }) => name === phenomenon).map(({ observed }) => observed);
}

describe.each(serverUrls())("ACID on $kind", ({ url, kind }) => {
  test("is kept, and a server that is not ours is not killed", async () => {
    const progress: string[] = [];
    const { database, checks } = await runAcid({
      target: { url, server: null },
      clock,
      stop: never,
      progress: (property) => progress.push(property),
      warn: () => undefined,
    });
    expect(database.kind).toBe(kind);
    expect(progress).toEqual(["atomicity", "consistency", "isolation", "durability"]);
    const [last, ...others] = [...checks].reverse();
    expect(last).toMatchObject({ property: "durability", outcome: "not-tried" });
    expect(others.filter(({ outcome }) => outcome !== "kept")).toEqual([]);
    const isPostgres = kind === "postgres";
    expect(seen(checks, "dirty read")).toEqual(
      isPostgres
        ? ["first", "first", "first", "first"]
        : ["draft", "first", "first", "first (B waited for A)"],
    );
    const wait = isPostgres ? "" : " (B waited for A)";
    expect(seen(checks, "non-repeatable read")).toEqual([
      "first, then second",
      "first, then second",
      "first, then first",
      `first, then first${wait}`,
    ]);
    expect(seen(checks, "phantom")).toEqual(["1, then 2", "1, then 2", "1, then 1", `1, then 1${wait}`]);
  });

  test("a stop keeps what was tried until then", async () => {
    const stop = new AbortController();
    const { checks } = await runAcid({
      target: { url, server: null },
      clock,
      stop: stop.signal,
      progress: (property) => {
        if (property === "consistency") stop.abort();
      },
      warn: () => undefined,
    });
    expect(new Set(checks.map(({ property }) => property))).toEqual(new Set(["atomicity", "consistency"]));
  });
});

describe("what a server does not keep is found out", () => {
  test("tables that know no transactions", () =>
    withDatabase(serverOf("mysql"), async (database) => {
      await database.execute(acidTables("mysql").map((sql) => sql.replace("InnoDB", "MyISAM")));
      const checks = await atomicity(database);
      expect(checks.map(({ outcome }) => outcome)).toEqual(["broken", "broken"]);
      expect(checks[0]?.observed).toBe("refused: not-null (1048); afterwards 1 model and 0 versions of it");
    }));

  test.each(serverUrls())("tables without keys on $kind", (server) =>
    withDatabase(server, async (database) => {
      await database.execute(
        acidTables(database.dialect).map((sql) =>
          sql.replace(/unique \(model_id.*models \(id\)\)/, "changed int)"),
        ),
      );
      const checks = await consistency(database);
      expect(checks.map(({ outcome }) => outcome)).toEqual(["broken", "broken"]);
      expect(checks[1]?.observed).toBe("accepted; afterwards 2 versions of it");
    }),
  );

  test("levels that are weaker than their names", () =>
    withDatabase(serverOf("mysql"), async (database) => {
      await database.execute(acidTables("mysql"));
      const found = outcomes(await isolation(weaklyIsolated(database), clock, never));
      expect(Object.keys(found).filter((name) => found[name] === "broken")).toEqual([
        "dirty read read-committed",
        "dirty read repeatable-read",
        "dirty read serializable",
        "non-repeatable read repeatable-read",
        "non-repeatable read serializable",
        "phantom serializable",
      ]);
    }));

  test("commits that were acknowledged and are gone", async () => {
    const server = await startPostgres({}, clock, freshToken(16));
    onTestFinished(() => server.stop());
    await withDatabase({ kind: "postgres", dialect: "postgres", url: server.url }, async (database) => {
      await database.execute(acidTables("postgres"));
      const forgetful = {
        kill: () => {
          server.kill();
        },
        ended: server.ended,
        restart: async () => {
          await server.restart();
          await database.execute(["delete from models where id in (1000000, 2000000)"]);
        },
      };
      const check = await durability(database, forgetful, clock);
      expect(check).toMatchObject({ outcome: "broken", commits: { missing: 2, failedThere: 0 } });
      expect(check.observed).toMatch(/^2\d\d commits were acknowledged, and 2 of them are missing/);
    });
  });
});

/** The same database, all of whose transactions are READ UNCOMMITTED whatever they ask for. */
function weaklyIsolated(database: Database): Database {
  const bound = <T extends object>(target: T, overrides: Partial<T>): T =>
    new Proxy(target, {
      get: (_, name) => {
        const own = Reflect.get(overrides, name) as unknown;
        const value = own ?? Reflect.get(target, name);
        return typeof value === "function" && own === undefined ? (value.bind(target) as unknown) : value;
      },
    });
  return bound(database, {
    connect: async () => {
      const connection = await database.connect("read-uncommitted");
      return bound<Connection>(connection, { begin: () => connection.begin("read-uncommitted") });
    },
  });
}
