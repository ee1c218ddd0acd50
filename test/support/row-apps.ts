import type mysql from "mysql2/promise";
import type pg from "pg";
import { afterAll } from "vitest";

import { usualAccess, type Access, type Row } from "./access.ts";
import { raceServers, type RaceServer } from "./race-servers.ts";

/** Sends a statement with `$1`, `$2`, … for its parameters; answers its rows. */
export type Send = (sql: string, params?: readonly unknown[]) => Promise<readonly Row[]>;

/** An application on a throw-away server of the file's own. */
export interface RowApp {
  /** A statement by itself. */
  readonly alone: Send;
  /** A transaction: committed at the end, rolled back when it throws. */
  transaction<T>(body: (send: Send) => Promise<T>): Promise<T>;
  readonly pool: pg.Pool | mysql.Pool;
}

/** A server of this kind, and an application on it, from before the file's tests until after them. */
export function rowApp(kind: RaceServer["kind"]): () => RowApp {
  const servers = raceServers(kind);
  const way = usualAccess.find(({ server }) => server === kind);
  let access: Access | undefined;
  afterAll(() => access?.close());
  return () => {
    for (const { url } of servers) access ??= way?.open(url, 6);
    if (access === undefined) throw new Error(`nothing talks to ${kind}`);
    return answeringRows(access);
  };
}

/** One of each kind. */
export function rowApps(): readonly [postgres: () => RowApp, mariadb: () => RowApp] {
  return [rowApp("postgres"), rowApp("mariadb")];
}

/** An access whose statements answer rows and nothing else. */
function answeringRows(access: Access): RowApp {
  const answering =
    (send: Access["query"]): Send =>
    async (sql, params) =>
      (await send(sql, params)).rows;
  return {
    pool: access.database as RowApp["pool"],
    alone: answering(access.query),
    transaction: (body) => access.transaction((send) => body(answering(send))),
  };
}
