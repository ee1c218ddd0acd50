import { expect, test } from "vitest";

import { explore } from "../../../src/testing/explore-race.ts";
import { ownCopy } from "../../../src/testing/rows/own-copy.ts";
import { rowApp, type Send } from "../../support/row-apps.ts";

const app = rowApp("postgres");

const setup = `drop table if exists lamp; create table lamp (id int primary key, state jsonb);
  insert into lamp values (1, '{"on":false,"times":0}')`;

/** Changes the object that the driver has given. */
async function toggle(send: Send, suffix: string): Promise<void> {
  const [row] = await send(`select id, state from lamp where id = 1${suffix}`);
  const state = row?.state as { on: boolean; times: number };
  state.on = !state.on;
  state.times++;
  await send("update lamp set state = $1 where id = 1", [state]);
}

async function switchOn(send: Send): Promise<void> {
  await send("select id, state from lamp where id = 1 for update");
  await send("update lamp set state = $1 where id = 1", [{ on: true, times: 1 }]);
}

test("an answer is what it was when it came, though the application changes its objects in place", async () => {
  const locked = () => app().transaction((send) => toggle(send, " for update"));
  const on = () => app().transaction(switchOn);
  for (const other of [on, locked]) {
    const options = { setup, anomalies: ["lost-update"], sessions: [other, locked] };
    expect(await explore(app().pool, options)).toMatchObject({ valid: true, complete: true, notes: [] });
  }
});

test("an update that is lost is found there too", async () => {
  const session = () => app().transaction((send) => toggle(send, ""));
  const { finding } = await explore(app().pool, {
    setup,
    anomalies: ["lost-update"],
    serializable: false,
    diagnose: false,
    sessions: [session, session],
  });
  expect(finding).toMatchObject({ kind: "anomaly", name: "lost-update" });
});

test("a copy is no part of what it is a copy of", () => {
  const value = { list: [{ at: new Date(0) }], bytes: Buffer.from("ab") };
  const copy = ownCopy(value);
  const [bytes, date] = [ownCopy(value.bytes), ownCopy(value.list[0]?.at)];
  value.bytes[0] = 0;
  value.list[0]?.at.setTime(5);
  expect(copy).toEqual({ list: [{ at: new Date(0) }], bytes: new Uint8Array([97, 98]) });
  expect([bytes, date]).toEqual([new Uint8Array([97, 98]), new Date(0)]);
  expect(ownCopy({ call: () => 1 })).toBeUndefined();
  expect(ownCopy("a")).toBe("a");
});
