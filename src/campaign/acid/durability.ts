import type { Database } from "../../clients/database.ts";
import { DatabaseError, EnvironmentError } from "../../clients/database-error.ts";
import type { Server } from "../../clients/servers/server.ts";
import { within } from "../../clients/servers/within.ts";
import type { Clock } from "../../clock/clock.ts";
import type { AcidCheck, CommitCounts } from "./acid-report.ts";

const writers = 5;
/** So many acknowledged commits, and the server is killed while the other writers are at work. */
const enough = 200;
/** Longer than the end of a killed server can take. */
const endMs = 10_000;
/** Ids of one writer begin at a multiple of this. */
const stride = 1_000_000;

const common = {
  property: "durability",
  name: "the server is killed (SIGKILL) while sessions commit, and started again on the same data",
} as const;

/**
 * Acknowledged commits survive the death of the server.
 * @param server ours to kill, or null: somebody else's is left alone
 * @throws EnvironmentError when it does not come back
 */
export async function durability(
  database: Database,
  server: Pick<Server, "kill" | "ended" | "restart"> | null,
  clock: Clock,
): Promise<AcidCheck> {
  if (server === null)
    return { ...common, observed: "not tried: this server is not isolab's to kill", outcome: "not-tried" };
  const written = await writeUntilKilled(database, server);
  // Waiting for the end alone would not keep our own process alive.
  await within(server.ended, endMs, clock);
  await server.restart();
  const there = await idsThere(database);
  const commits = countCommits(written, there);
  const { acknowledged, missing, failedThere, unknown, unknownThere } = commits;
  const found = missing === 0 ? "all of them are there" : `${missing} of them are missing`;
  const others = unknown === 0 ? "" : `; ${unknown} more had no answer, ${unknownThere} of them there`;
  const ghosts = failedThere === 0 ? "" : `; ${failedThere} that were told to have failed are there too`;
  return {
    ...common,
    observed: `${acknowledged} commits were acknowledged, and ${found}${others}${ghosts}`,
    outcome: missing === 0 && failedThere === 0 ? "kept" : "broken",
    commits,
  };
}

/** Ids of rows by what their writers were told. */
interface Written {
  readonly acknowledged: number[];
  readonly unknown: number[];
  readonly failed: number[];
}

async function writeUntilKilled(database: Database, server: Pick<Server, "kill">): Promise<Written> {
  const written: Written = { acknowledged: [], unknown: [], failed: [] };
  const kill = (): void => {
    if (written.acknowledged.length === enough) server.kill();
  };
  const ends = await Promise.allSettled(
    Array.from({ length: writers }, (_, writer) => write(database, (writer + 1) * stride, written, kill)),
  );
  const failure = ends.find(({ status }) => status === "rejected");
  if (failure?.status === "rejected") throw failure.reason;
  if (written.acknowledged.length < enough)
    throw new EnvironmentError("the server refused to commit before it was killed");
  return written;
}

/** One row after another until the connection is lost. */
async function write(
  database: Database,
  firstId: number,
  { acknowledged, unknown, failed }: Written,
  acknowledge: () => void,
): Promise<void> {
  const connection = await database.connect("read-committed");
  try {
    for (let id = firstId; ; id++) {
      try {
        await connection.begin("read-committed");
        await connection.query("insert into models (id, name) values ($1, $2)", [id, `model-${id}`]);
        await connection.commit();
      } catch (error) {
        if (!(error instanceof DatabaseError)) throw error;
        (error.fields.outcome === "indeterminate" ? unknown : failed).push(id);
        return;
      }
      acknowledged.push(id);
      acknowledge();
    }
  } finally {
    await connection.close();
  }
}

async function idsThere(database: Database): Promise<ReadonlySet<number>> {
  const connection = await database.connect("read-committed");
  try {
    const { rows } = await connection.query("select id from models");
    return new Set(rows.map(({ id }) => Number(id)));
  } finally {
    await connection.close();
  }
}

function countCommits({ acknowledged, unknown, failed }: Written, there: ReadonlySet<number>): CommitCounts {
  const isThere = (id: number): boolean => there.has(id);
  return {
    acknowledged: acknowledged.length,
    missing: acknowledged.filter((id) => !isThere(id)).length,
    unknown: unknown.length,
    unknownThere: unknown.filter(isThere).length,
    failed: failed.length,
    failedThere: failed.filter(isThere).length,
  };
}
