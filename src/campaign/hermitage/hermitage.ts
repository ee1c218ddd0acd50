import type { Connection, Database } from "../../clients/database.ts";
import { DatabaseError, EnvironmentError } from "../../clients/database-error.ts";
import { openDatabase } from "../../clients/open-database.ts";
import type { Watcher } from "../../clients/watcher.ts";
import type { Clock } from "../../clock/clock.ts";
import type { DatabaseDescription, IsolationLevel } from "../../history/header.ts";
import { freshToken } from "../../random/entropy.ts";
import type { Target } from "../target.ts";
import {
  type PhenomenonName,
  phenomenonNames,
  type PhenomenonSchedule,
  schedules,
  testTable,
} from "./phenomena.ts";
import { play, rowOf } from "./play.ts";
import { type Prevention, published } from "./published.ts";
import type { AnsweredRow, Played, PlayedStep } from "./schedule.ts";

/** A schedule as it went at one level. */
export interface TriedSchedule {
  readonly name: string;
  /** The transaction that would suffer only reads. */
  readonly readOnly: boolean;
  /** The phenomenon was proven. */
  readonly shows: boolean;
  readonly steps: readonly PlayedStep[];
  /** The table afterwards, by id. */
  readonly rest: readonly AnsweredRow[];
}

/** A field of the table. The keys are what `--json` prints. */
export interface HermitageField {
  readonly phenomenon: PhenomenonName;
  readonly isolation: IsolationLevel;
  readonly found: Prevention;
  readonly published: Prevention;
  readonly schedules: readonly TriedSchedule[];
}

/** The table of one server; fields that were not tried are missing. */
export interface HermitageReport {
  readonly database: DatabaseDescription;
  /** Level by level, and in each in the order of the phenomena. */
  readonly fields: readonly HermitageField[];
}

/** What is tried, on which server. */
export interface HermitageRequest {
  readonly target: Pick<Target, "url" | "server">;
  readonly levels: readonly IsolationLevel[];
  /** Server variables for each session, by name. */
  readonly settings: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly progress: (isolation: IsolationLevel, phenomenon: PhenomenonName) => void;
  readonly warn: (sentence: string) => void;
}

/** More sessions than any schedule has. */
const sessions = 3;

/**
 * Plays every schedule at every level, one statement at a time, in a namespace of its own. What a schedule shows is
 * proven; that it shows nothing says that this schedule is prevented. When `stop` is aborted no further field is
 * tried.
 *
 * @throws EnvironmentError when the server does not do what it is asked to
 */
export async function hermitage(request: HermitageRequest): Promise<HermitageReport> {
  const { target, levels, settings, clock, warn } = request;
  const database = await openDatabase({
    url: target.url,
    run: freshToken(),
    settings,
    clock,
    onWarning: warn,
  });
  try {
    const engine = database.dialect === "mysql" ? " engine = InnoDB" : "";
    await database.execute([`create table ${testTable} (id int primary key, value int not null)${engine}`]);
    const watcher = await database.watch(target.server);
    try {
      const fields: HermitageField[] = [];
      for (const isolation of levels) fields.push(...(await tryLevel(request, database, watcher, isolation)));
      return { database: database.description, fields };
    } finally {
      await watcher.close();
    }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new EnvironmentError(`the server did not do what it was asked to: ${error.message}`, {
      cause: error,
    });
  } finally {
    await database.close();
  }
}

async function tryLevel(
  { clock, stop, progress }: HermitageRequest,
  database: Database,
  watcher: Watcher,
  isolation: IsolationLevel,
): Promise<readonly HermitageField[]> {
  const connections: Connection[] = [];
  try {
    while (connections.length < sessions) connections.push(await database.connect(isolation));
    for (const connection of connections) for (const sql of watcher.prepare) await connection.query(sql);
    const reader = await database.connect("read-committed");
    connections.push(reader);
    const fields: HermitageField[] = [];
    for (const phenomenon of phenomenonNames) {
      const tried: TriedSchedule[] = [];
      for (const schedule of schedules.filter((one) => one.phenomenon === phenomenon)) {
        if (stop.aborted) return fields;
        progress(isolation, phenomenon);
        await database.empty([testTable]);
        await database.execute([`insert into ${testTable} (id, value) values (1, 10), (2, 20)`]);
        const steps = await play(schedule.steps, { connections, isolation, watcher, clock, stop });
        if (steps === undefined) {
          // Some wait for a lock, and could not be closed.
          await database.killAll();
          return fields;
        }
        tried.push(triedSchedule(schedule, { steps, rest: await restOf(reader) }));
      }
      fields.push({
        phenomenon,
        isolation,
        found: preventionOf(tried),
        published: published(database.description.kind, isolation)[phenomenon],
        schedules: tried,
      });
    }
    return fields;
  } finally {
    for (const connection of connections) await connection.close();
  }
}

async function restOf(reader: Connection): Promise<readonly AnsweredRow[]> {
  const { rows } = await reader.query(`select id, value from ${testTable} order by id`);
  return rows.map(rowOf);
}

function triedSchedule({ name, readOnly, shows }: PhenomenonSchedule, played: Played): TriedSchedule {
  return { name, readOnly, shows: shows(played), ...played };
}

/** It occurs when readers suffer; where all that readers do is prevented, and a writer suffers, it is `read-only`. */
function preventionOf(tried: readonly TriedSchedule[]): Prevention {
  const shown = tried.filter(({ shows }) => shows);
  if (shown.length === 0) return "prevented";
  const readersAreSafe = tried.some(({ readOnly }) => readOnly) && !shown.some(({ readOnly }) => readOnly);
  return readersAreSafe ? "read-only" : "occurs";
}
