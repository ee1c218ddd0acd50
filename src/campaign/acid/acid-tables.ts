import type { Connection, Database, Dialect } from "../../clients/database.ts";

/** A registry of models and their versions, as small as it can be: a foreign key, a unique key, nothing generated. */
export function acidTables(dialect: Dialect): readonly string[] {
  const engine = dialect === "mysql" ? "engine = InnoDB" : "";
  return [
    `create table models (id int primary key, name varchar(255) not null unique, description varchar(255)) ${engine}`,
    `create table model_versions (
       model_id int not null, version int not null, stage varchar(20) not null default 'staging',
       unique (model_id, version), foreign key (model_id) references models (id)) ${engine}`,
  ];
}

/** Back to one model with one version, which is in production. */
export async function resetTables(database: Database): Promise<void> {
  await database.execute([
    "delete from model_versions",
    "delete from models",
    "insert into models (id, name, description) values (1, 'fraud-detector', 'first')",
    "insert into model_versions (model_id, version, stage) values (1, 1, 'production')",
  ]);
}

/** How many models of this id there are, and how many versions of it. */
export async function countRows(connection: Connection, model: number): Promise<readonly [number, number]> {
  const { rows } = await connection.query(
    `select (select count(*) from models where id = $1) as models,
            (select count(*) from model_versions where model_id = $1) as versions`,
    [model],
  );
  return [Number(rows[0]?.models), Number(rows[0]?.versions)];
}

/** `1 model`, `2 models`. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
