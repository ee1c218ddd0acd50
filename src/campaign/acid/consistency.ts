import type { Connection, Database } from "../../clients/database.ts";
import type { AcidCheck } from "./acid-report.ts";
import { countRows, countText, resetTables } from "./acid-tables.ts";
import { refusalOf } from "./refusal.ts";

/** What the tables declare holds for every row: a foreign key and a unique key. */
export async function consistency(database: Database): Promise<readonly AcidCheck[]> {
  await resetTables(database);
  const connection = await database.connect("read-committed");
  try {
    return [
      await violation(connection, {
        name: "a version of a model that does not exist",
        row: { model: 999, version: 1, there: 0 },
        cause: "foreign-key",
      }),
      await violation(connection, {
        name: "a second version 1 of the same model",
        row: { model: 1, version: 1, there: 1 },
        cause: "duplicate-key",
      }),
    ];
  } finally {
    await connection.close();
  }
}

interface Violation {
  readonly name: string;
  /** The version to insert, and how many the model has that may stay. */
  readonly row: { readonly model: number; readonly version: number; readonly there: number };
  readonly cause: string;
}

async function violation(connection: Connection, { name, row, cause }: Violation): Promise<AcidCheck> {
  const refusal = await refusalOf(() =>
    connection.query("insert into model_versions (model_id, version) values ($1, $2)", [
      row.model,
      row.version,
    ]),
  );
  const [, versions] = await countRows(connection, row.model);
  return {
    property: "consistency",
    name,
    observed: `${refusal === null ? "accepted" : `refused: ${refusal.text}`}; afterwards ${countText(versions, "version")} of it`,
    outcome: refusal?.cause === cause && versions === row.there ? "kept" : "broken",
  };
}
