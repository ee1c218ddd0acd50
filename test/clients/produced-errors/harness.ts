import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { field, type ErrorRow } from "../../../src/clients/error-table.ts";
import type { Server } from "../../../src/clients/servers/server.ts";
import { serverOf, withDatabase } from "../../support/databases.ts";
import type { SharedServer } from "../../support/servers.ts";
import { rowFor, rowsOf } from "./produced-rows.ts";
import type { Arena, Produced, Theme } from "./provocation.ts";

/** A dialect whose errors are produced. */
export interface ProducingSide {
  readonly dialect: SharedServer["dialect"];
  readonly table: Readonly<Record<string, ErrorRow>>;
  readonly themes: readonly Theme[];
  /** Rows that no test produces, and why. */
  readonly notProduced: Readonly<Record<string, string>>;
  /** The property of the driver's error that holds the code. */
  readonly property: "code" | "errno";
  readonly start: (settings: Readonly<Record<string, string>>) => Promise<Server>;
}

/** Tests that every row of the dialect's table is produced, or says why not, and that each failure is what its row says. */
export function testProducedErrors(side: ProducingSide): void {
  test("each row has a test that produced it, or a reason why none does", () => {
    const produced = rowsOf(side.table, side.themes);
    const reasons = Object.keys(side.notProduced);
    expect(reasons.filter((code) => produced.has(code))).toEqual([]);
    expect([...produced.keys(), ...reasons].sort()).toEqual(Object.keys(side.table).sort());
  });

  describe.each(side.themes)("$name", (theme: Theme) => {
    const around = themeServer(side.dialect, theme, side.start);

    test.for(theme.provocations)("$code: $how", async ({ code, provoke, obstacle, ends }, { skip }) => {
      const reason = obstacle?.();
      if (reason !== undefined) {
        console.warn(reason);
        skip(reason);
      }
      const produced = await around((arena) => provoke(arena), ends);
      const row = side.table[rowFor(side.table, code)];
      expect(row).toBeDefined();
      const given = side.property === "errno" ? Number(code) : code;
      expect(produced.length).toBeGreaterThan(0);
      for (const one of produced) {
        expect([one.phase, field(one.error.cause, side.property)]).toEqual([one.phase, given]);
        expect(one.error.fields).toEqual(expected(one, row!, given));
      }
    });

    test.each(theme.losses ?? [])("loss: $how", async ({ provoke, ends }) => {
      const { fields } = await around(provoke, ends);
      expect(fields).toEqual({
        cause: "connection-lost",
        phase: "statement",
        outcome: "definite",
        code: undefined,
        connectionLost: true,
      });
    });
  });
}

/** What a failure has to be, by its row and its phase. */
function expected(produced: Produced, row: ErrorRow, code: string | number): object {
  const { phase, lost = phase === "connect", cause = row.cause } = produced;
  const sent = phase === "commit" || phase === "autocommit";
  const proven = !sent || (row.definite === "always" && !lost);
  const cut = lost && phase !== "connect";
  return {
    cause: cut ? "connection-lost" : cause,
    phase,
    outcome: produced.outcome ?? (proven ? "definite" : "indeterminate"),
    code: cut ? undefined : code,
    connectionLost: lost,
  };
}

/** The theme's own server, or the shared one, and a fresh namespace on it for each provocation. */
function themeServer(
  dialect: SharedServer["dialect"],
  { settings }: Theme,
  start: (settings: Readonly<Record<string, string>>) => Promise<Server>,
): <T>(body: (arena: Arena) => Promise<T>, ends: true | undefined) => Promise<T> {
  let own: Server | undefined;
  let down = false;
  beforeAll(async () => {
    own = settings === undefined ? undefined : await start(settings);
  });
  afterEach(async () => {
    if (!down) return;
    await own?.ended;
    await own?.restart();
    down = false;
  });
  afterAll(() => own?.stop());
  return async (body, ends) => {
    const shared = serverOf(dialect);
    const server = own === undefined ? shared : { ...shared, url: own.url };
    return withDatabase(server, (database) => {
      down = ends === true;
      return body({ server, database, own });
    });
  };
}
