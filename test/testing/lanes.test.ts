import { expect, test } from "vitest";

import type { Row } from "../../src/clients/database.ts";
import type { Watcher } from "../../src/clients/watcher.ts";
import type { Line } from "../../src/testing/instrument/call.ts";
import { Lanes } from "../../src/testing/execution/lanes.ts";

/** A connection that only knows its settings. */
function fakeLine(): { readonly line: Line; readonly settings: Map<string, string> } {
  const settings = new Map([
    ["default_transaction_isolation", "read committed"],
    ["lock_timeout", "5s"],
  ]);
  const ask = (sql: string): Promise<readonly Row[]> => {
    const level = /^set session characteristics as transaction isolation level (.+)$/.exec(sql)?.[1];
    const [, name, value] = /^set (\w+) = '(.*)'$/.exec(sql) ?? [];
    if (level !== undefined) settings.set("default_transaction_isolation", level.toLowerCase());
    else if (name !== undefined && value !== undefined) settings.set(name, value);
    else return Promise.resolve([...settings].map(([name, value]) => ({ name, value })));
    return Promise.resolve([]);
  };
  const line = { dialect: "postgres", serverId: 1, ask, forgetPrepared: fail, destroy: fail } as const;
  return { line, settings };
}

function fail(): never {
  throw new Error("not asked for");
}

const watcher = { prepare: ["set lock_timeout = '0'"] } as unknown as Watcher;

test("lanes at two levels that take turns on a connection each find it at their own", async () => {
  const { line, settings } = fakeLine();
  const asItWas = new Map(settings);
  const search = new Lanes(watcher, "serializable");
  const serial = new Lanes(watcher, "read-committed");
  const unset = new Lanes(watcher, undefined);
  for (const [lanes, level] of [
    [search, "serializable"],
    [serial, "read committed"],
    [search, "serializable"],
    [unset, "read committed"],
    [search, "serializable"],
  ] as const) {
    await lanes.of(line);
    expect(settings.get("default_transaction_isolation")).toBe(level);
    expect(settings.get("lock_timeout")).toBe("0");
  }
  await serial.restore();
  await search.restore();
  expect(settings.get("lock_timeout")).toBe("0");
  await unset.of(line);
  expect(settings.get("default_transaction_isolation")).toBe("read committed");
  await unset.restore();
  expect(settings).toEqual(asItWas);
});

test("a connection that is made ready is not made ready again, nor taken from under a statement", async () => {
  const { line, settings } = fakeLine();
  const lanes = new Lanes(watcher, "repeatable-read");
  const [first, second] = await Promise.all([lanes.of(line), lanes.of(line)]);
  expect(first).toBe(second);
  settings.set("lock_timeout", "touched");
  await lanes.of(line);
  expect(settings.get("lock_timeout")).toBe("touched");
});
