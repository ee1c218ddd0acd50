import type { Connection, Database } from "../../clients/database.ts";
import type { AcidCheck } from "./acid-report.ts";
import { countRows, countText, resetTables } from "./acid-tables.ts";
import { refusalOf } from "./refusal.ts";

/** A model that is not there in the beginning. */
const model = 2;

/** All of a transaction or nothing: a statement of it fails, and a session ends in the middle of one. */
export async function atomicity(database: Database): Promise<readonly AcidCheck[]> {
  return [await failedStatement(database), await endedSession(database)];
}

async function failedStatement(database: Database): Promise<AcidCheck> {
  await resetTables(database);
  return withConnection(database, async (connection) => {
    await connection.begin("read-committed");
    await registerModel(connection);
    const refusal = await refusalOf(() =>
      connection.query("insert into model_versions (model_id, version) values ($1, null)", [model]),
    );
    await connection.rollback();
    const [models, versions] = await countRows(connection, model);
    return {
      property: "atomicity",
      name: "a model and its version in one transaction, the second statement fails",
      observed: `${refusal === null ? "no error" : `refused: ${refusal.text}`}; afterwards ${countText(models, "model")} and ${countText(versions, "version")} of it`,
      outcome: refusal !== null && models + versions === 0 ? "kept" : "broken",
    };
  });
}

async function endedSession(database: Database): Promise<AcidCheck> {
  await resetTables(database);
  await withConnection(database, async (connection) => {
    await connection.begin("read-committed");
    await registerModel(connection);
    await connection.query("insert into model_versions (model_id, version) values ($1, 1)", [model]);
    await database.killAndWait(connection.sessionId);
  });
  const [models, versions] = await withConnection(database, (connection) => countRows(connection, model));
  return {
    property: "atomicity",
    name: "the session is ended before COMMIT, after both statements",
    observed: `afterwards ${countText(models, "model")} and ${countText(versions, "version")} of it`,
    outcome: models + versions === 0 ? "kept" : "broken",
  };
}

async function registerModel(connection: Connection): Promise<void> {
  await connection.query(
    "insert into models (id, name, description) values ($1, 'recommender-v2', 'first')",
    [model],
  );
}

async function withConnection<T>(
  database: Database,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await database.connect("read-committed");
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
