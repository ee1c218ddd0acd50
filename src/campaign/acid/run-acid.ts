import { DatabaseError, EnvironmentError } from "../../clients/database-error.ts";
import { openDatabase } from "../../clients/open-database.ts";
import type { Clock } from "../../clock/clock.ts";
import { freshToken } from "../../random/entropy.ts";
import type { Target } from "../target.ts";
import { acidTables, resetTables } from "./acid-tables.ts";
import type { AcidCheck, AcidReport } from "./acid-report.ts";
import { atomicity } from "./atomicity.ts";
import { consistency } from "./consistency.ts";
import { durability } from "./durability.ts";
import { isolation } from "./isolation.ts";

/** What is tried, on which server. */
export interface AcidRequest {
  /** Ours, with durable settings; or the user's, which is not killed. */
  readonly target: Pick<Target, "url" | "server">;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Told what is tried next. */
  readonly progress: (property: AcidCheck["property"]) => void;
  readonly warn: (sentence: string) => void;
}

/**
 * Tries the four properties one after another, in a namespace of its own: by fixed schedules of one or two
 * sessions, and, on a server of ours, by killing it. When `stop` is aborted no further one is tried.
 *
 * @throws EnvironmentError when the server does not do what it is asked to
 */
export async function runAcid({ target, clock, stop, progress, warn }: AcidRequest): Promise<AcidReport> {
  const database = await openDatabase({ url: target.url, run: freshToken(), clock, onWarning: warn });
  try {
    await database.execute(acidTables(database.dialect));
    const checks: AcidCheck[] = [];
    const parts: Readonly<Record<AcidCheck["property"], () => Promise<readonly AcidCheck[]>>> = {
      atomicity: () => atomicity(database),
      consistency: () => consistency(database),
      isolation: () => isolation(database, clock, stop),
      durability: async () => {
        await resetTables(database);
        return [await durability(database, target.server, clock)];
      },
    };
    for (const property of ["atomicity", "consistency", "isolation", "durability"] as const) {
      if (stop.aborted) break;
      progress(property);
      checks.push(...(await parts[property]()));
    }
    return { database: database.description, checks };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new EnvironmentError(`the server did not do what it was asked to: ${error.message}`, {
      cause: error,
    });
  } finally {
    await database.close();
  }
}
