import { expect, onTestFinished, test } from "vitest";

import { acquireTarget, type Target, type TargetRequest } from "../../src/campaign/target.ts";
import type { Database } from "../../src/clients/database.ts";
import { EnvironmentError } from "../../src/clients/database-error.ts";
import { openDatabase } from "../../src/clients/open-database.ts";
import { realClock } from "../../src/clock/real-clock.ts";
import { freshToken } from "../../src/random/entropy.ts";

const clock = realClock();

async function started(request: TargetRequest): Promise<Target> {
  const target = await acquireTarget(request, clock);
  onTestFinished(() => target.release());
  return target;
}

/** As a run would have it: each session sets the same variables, or finds them set. */
async function opened(target: Target, settings: Record<string, string>): Promise<Database> {
  const database = await openDatabase({
    url: target.url,
    run: freshToken(),
    settings,
    isolation: "serializable",
    clock,
    onWarning: () => undefined,
  });
  onTestFinished(() => database.close());
  return database;
}

test.each([
  ["postgres", { fsync: "on", max_connections: "30", shared_buffers: "32768kB" }],
  ["mariadb", { innodb_rollback_on_timeout: "ON", innodb_flush_log_at_trx_commit: "0" }],
  ["mariadb", { innodb_buffer_pool_size: "32M" }],
] as const)("variables of the server alone hold in a run on a throw-away %s: %j", async (db, settings) => {
  const target = await started({ db, durable: false, settings });
  const { description } = await opened(target, settings);
  expect(Object.keys(description.settings)).toEqual(expect.arrayContaining(Object.keys(settings)));
  await expect(opened(await started({ db, durable: false }), settings)).rejects.toThrow(
    /does not accept .* for a session/,
  );
});

test("what the command line of MariaDB does not know is left to the sessions", async () => {
  const target = await started({
    db: "mariadb",
    durable: false,
    settings: { sql_auto_is_null: "1", nonsense: "1" },
  });
  const { description } = await opened(target, { sql_auto_is_null: "1" });
  expect(description.settings).toMatchObject({ sql_auto_is_null: "ON" });
  await expect(opened(target, { nonsense: "1" })).rejects.toThrow(/Unknown system variable 'nonsense'/);
});

test.each([
  ["postgres", { nonsense: "1" }, /^The throw-away PostgreSQL did not start \(FATAL: +unrecognized/],
  ["postgres", { fsync: "banana" }, /^The throw-away PostgreSQL did not start \(FATAL: +parameter "fsync"/],
  ["mariadb", { innodb_buffer_pool_size: "x" }, /^The throw-away MariaDB did not start \(.*Unknown suffix/],
] as const)("what %s refuses is one sentence: %j", async (db, settings, sentence) => {
  const start = acquireTarget({ db, durable: false, settings }, clock);
  await expect(start).rejects.toThrow(EnvironmentError);
  await expect(start).rejects.toThrow(sentence);
});
