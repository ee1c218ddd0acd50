import type { Database } from "../../clients/database.ts";
import { DatabaseError } from "../../clients/database-error.ts";
import type { Clock } from "../../clock/clock.ts";
import { type IsolationLevel, isolationLevels } from "../../history/header.ts";
import { serverRefusals } from "../../workload/retry.ts";
import type { AcidCheck } from "./acid-report.ts";
import { resetTables } from "./acid-tables.ts";
import { type Shown, type TwoSessions, withTwoSessions } from "./two-sessions.ts";

/** One of the phenomena by which SQL defines its levels, as a schedule of two sessions. */
interface Phenomenon {
  readonly name: string;
  /** The weakest level that forbids it (SQL:1992, table 9; PostgreSQL manual, table 13.1). */
  readonly forbiddenFrom: IsolationLevel;
  /** Plays it, and answers what was read, in order. */
  readonly play: (sessions: TwoSessions) => Promise<readonly Shown[]>;
  readonly shows: (read: readonly Shown[]) => boolean;
}

const description = "select description from models where id = 1";
const inProduction = "select count(*) as n from model_versions where stage = 'production'";

const phenomena: readonly Phenomenon[] = [
  {
    name: "dirty read",
    forbiddenFrom: "read-committed",
    play: async (sessions) => {
      await sessions.begin("A");
      await sessions.query("A", "update models set description = 'draft' where id = 1");
      await sessions.begin("B");
      const read = await sessions.send("B", description);
      await sessions.end("A", "rollback");
      const shown = await read.shown;
      await sessions.end("B", "commit");
      return [shown];
    },
    shows: ([read]) => read === "draft",
  },
  {
    name: "non-repeatable read",
    forbiddenFrom: "repeatable-read",
    play: readTwice(description, "update models set description = 'second' where id = 1"),
    shows: ([first, second]) => first !== second,
  },
  {
    name: "phantom",
    forbiddenFrom: "serializable",
    play: readTwice(
      inProduction,
      "insert into model_versions (model_id, version, stage) values (1, 2, 'production')",
    ),
    shows: ([first, second]) => first !== second,
  },
];

/** A reads, B makes a change that commits itself, A reads again: a change that has to wait comes after A's end. */
function readTwice(read: string, change: string): Phenomenon["play"] {
  return async (sessions) => {
    await sessions.begin("A");
    const first = await sessions.query("A", read);
    const changed = await sessions.send("B", change);
    const second = await sessions.query("A", read);
    await sessions.end("A", "commit");
    await changed.shown;
    return [first, second];
  };
}

/** Every phenomenon at every level. What a level allows may show or not; what it forbids may not. */
export async function isolation(
  database: Database,
  clock: Clock,
  stop: AbortSignal,
): Promise<readonly AcidCheck[]> {
  const watcher = await database.watch(null);
  try {
    const checks: AcidCheck[] = [];
    for (const phenomenon of phenomena)
      for (const level of isolationLevels) {
        if (stop.aborted) return checks;
        await resetTables(database);
        const around = { isolation: level, watcher, clock };
        checks.push(
          await withTwoSessions(database, around, (sessions) => tried(phenomenon, level, sessions)),
        );
      }
    return checks;
  } finally {
    await watcher.close();
  }
}

async function tried(
  { name, forbiddenFrom, play, shows }: Phenomenon,
  isolation: IsolationLevel,
  sessions: TwoSessions,
): Promise<AcidCheck> {
  const isForbidden = isolationLevels.indexOf(isolation) >= isolationLevels.indexOf(forbiddenFrom);
  const common = { property: "isolation", name, isolation } as const;
  try {
    const read = await play(sessions);
    const { steps } = sessions;
    const waited = steps.some((step) => step.waited === true);
    const isSeen = shows(read);
    return {
      ...common,
      observed: `${read.map(String).join(", then ")}${waited ? " (B waited for A)" : ""}`,
      outcome: isSeen && isForbidden ? "broken" : "kept",
      shows: isSeen,
      steps,
    };
  } catch (error) {
    if (!(error instanceof DatabaseError) || !serverRefusals.includes(error.fields.cause)) throw error;
    // Refused before anything wrong was seen: that is how some servers keep their promise.
    const observed = `refused: ${error.fields.cause}`;
    return { ...common, observed, outcome: "kept", shows: false, steps: sessions.steps };
  }
}
