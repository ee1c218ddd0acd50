import { connectFailure } from "../clients/connect-failure.ts";
import { catalogOf, type Catalog } from "../clients/catalog.ts";
import { keepControl, type Control } from "../clients/control.ts";
import type { Dialect, QueryResult } from "../clients/database.ts";
import { EnvironmentError } from "../clients/database-error.ts";
import { field } from "../clients/error-table.ts";
import { oneAtATime } from "../clients/one-at-a-time.ts";
import { toParameters } from "../clients/parameters.ts";
import * as mysql from "../clients/mysql/catalog-queries.ts";
import * as postgres from "../clients/postgres/catalog-queries.ts";
import type { Side } from "../clients/side.ts";
import type { Target } from "../clients/target.ts";
import type { Watcher } from "../clients/watcher.ts";
import type { Rules, Wire } from "../clients/wire.ts";
import type { Clock } from "../clock/clock.ts";
import type { DatabaseDescription } from "../history/header.ts";
import { footprints } from "../runner/interleaved/footprint.ts";
import type { Footprint } from "../scheduler/point.ts";
import { isMysqlUserSchema, isPostgresUserSchema } from "./user-schemas.ts";
import { splitStatements } from "./execution/split-statements.ts";
import { ownServer } from "./start-server.ts";
import { sideOf } from "./side-of.ts";

/** Asks the database, outside of the race: one statement, with `$1`, `$2`, … for its parameters. */
export type Query = (sql: string, params?: readonly unknown[]) => Promise<QueryResult>;

/** The database of a race: a session of ours on it, and who watches the others. */
export interface RaceStage {
  readonly dialect: Dialect;
  readonly database: DatabaseDescription;
  /** The server is one that this process has started: the same schedule gives the same answers. */
  readonly isOwn: boolean;
  readonly rules: Rules;
  readonly watcher: Watcher;
  readonly query: Query;
  /** Several statements, one after another. */
  run(sql: string): Promise<void>;
  /** What a statement may touch, of the tables that are there now. */
  footprints(): Promise<(sql: string) => Footprint>;
  close(): Promise<void>;
}

/** @throws EnvironmentError with one sentence when there is no connection to be had */
export async function openRaceStage(target: Target, clock: Clock): Promise<RaceStage> {
  const side = await sideOf(target, clock);
  const own = ownServer(target);
  const wire = await openWire(side, target);
  try {
    const database = await side.describe(wire);
    const watcher = await side.watcher(oneAtATime(await openWire(side, target)), own);
    await seesWaits(watcher, target);
    const control = keepControl(wire, () => openWire(side, target));
    return new OpenStage(side, database, own !== null, watcher, control);
  } catch (error) {
    await wire.end();
    throw error;
  }
}

/** A user who may not see who waits for locks is told so at once, not in the midst of a schedule. */
async function seesWaits(watcher: Watcher, { label }: Target): Promise<void> {
  try {
    await watcher.waiting([0]);
  } catch (error) {
    await watcher.close();
    if (!(error instanceof Error) || field(error, "errno") !== needsPrivilege) throw error;
    throw new EnvironmentError(
      `On ${label} the user of the race may not see which sessions wait for locks: GRANT PROCESS ON *.* to it, or use startServer.`,
      { cause: error },
    );
  }
}

/** ER_SPECIFIC_ACCESS_DENIED_ERROR (MySQL manual, Server Error Message Reference). */
const needsPrivilege = 1227;

async function openWire(side: Side, target: Target): Promise<Wire> {
  try {
    return await side.openControl();
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    throw connectFailure(target, side.rules.classify(error, "connect", true));
  }
}

class OpenStage implements RaceStage {
  readonly dialect: Dialect;
  readonly database: DatabaseDescription;
  readonly isOwn: boolean;
  readonly rules: Rules;
  readonly watcher: Watcher;
  readonly #control: Control;

  constructor(side: Side, database: DatabaseDescription, isOwn: boolean, watcher: Watcher, control: Control) {
    this.dialect = side.dialect;
    this.database = database;
    this.isOwn = isOwn;
    this.rules = side.rules;
    this.watcher = watcher;
    this.#control = control;
  }

  readonly query: Query = async (sql, params = []) => {
    const { rows, affected } = await this.#control.run((wire) => wire.send(sql, toParameters(params)));
    return { rows, affected };
  };

  async run(sql: string): Promise<void> {
    for (const statement of splitStatements(sql, this.dialect)) await this.query(statement);
  }

  async footprints(): Promise<(sql: string) => Footprint> {
    return footprints(await this.#catalog());
  }

  async close(): Promise<void> {
    await this.watcher.close();
    await this.#control.end();
  }

  /** Of all tables that are not the server's own: a session may use any of them. */
  async #catalog(): Promise<Catalog> {
    const isPostgres = this.dialect === "postgres";
    const { rows } = await this.query(
      isPostgres ? postgres.tablesQuery(isPostgresUserSchema) : mysql.tablesQuery(`{} ${isMysqlUserSchema}`),
    );
    const { rows: others } = await this.query(
      isPostgres ? postgres.othersQuery(isPostgresUserSchema) : mysql.othersQuery(`{} ${isMysqlUserSchema}`),
    );
    return catalogOf(rows, Number(others[0]?.others) > 0);
  }
}
