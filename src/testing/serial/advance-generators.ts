import type { Catalogue, Table } from "./catalogue.ts";
import type { Ask } from "./outcome.ts";

/**
 * By how much a generator is moved on, by its number among all. Odd, so that whatever asks whether a key is even is seen
 * to depend on it; and each by another amount, so that those which go in step no longer do.
 */
function advanceOf(generator: number): number {
  return 17 + 2 * generator;
}

/**
 * Moves every sequence and every AUTO_INCREMENT on, so that what runs next gets other keys. A sequence that has no room
 * left stays where it is. In MySQL and MariaDB this is an ALTER TABLE: no transaction may be open.
 *
 * @returns the position of each: the highest number that it has handed out or passed over
 */
export async function advanceGenerators(ask: Ask, catalogue: Catalogue): Promise<readonly number[]> {
  const before = await generatorPositions(ask, catalogue);
  if (catalogue.dialect === "postgres") {
    for (const [i, sequence] of catalogue.sequences.entries())
      await advanceSequence(ask, sequence, advanceOf(i));
  } else {
    let next = 0;
    for (const table of autoIncrementing(catalogue)) {
      const to = (before[next] ?? 0) + 1 + advanceOf(next++);
      await ask(`ALTER TABLE ${table.quoted} AUTO_INCREMENT = ${to}`);
    }
    for (const sequence of catalogue.sequences)
      await ask(`SELECT SETVAL(${sequence}, ${(before[next] ?? 0) + advanceOf(next++)})`);
  }
  return generatorPositions(ask, catalogue);
}

/** The highest number that each sequence and AUTO_INCREMENT has handed out or passed over. In MariaDB a sequence is moved on by one. */
export async function generatorPositions(ask: Ask, catalogue: Catalogue): Promise<readonly number[]> {
  const positions: number[] = [];
  for (const table of autoIncrementing(catalogue)) positions.push((await nextAutoIncrement(ask, table)) - 1);
  for (const sequence of catalogue.sequences)
    positions.push(await sequencePosition(ask, sequence, catalogue));
  return positions;
}

function autoIncrementing({ tables }: Catalogue): readonly Table[] {
  return tables.filter(({ autoIncrement }) => autoIncrement !== undefined);
}

/** `information_schema` may answer what was true a day ago; this is the table's own word. */
async function nextAutoIncrement(ask: Ask, table: Table): Promise<number> {
  const [row] = await ask(`SHOW CREATE TABLE ${table.quoted}`);
  const text = String(row?.["Create Table"]);
  return Number(/\bAUTO_INCREMENT=(\d+)/.exec(text)?.[1] ?? 1);
}

/** MariaDB hands out numbers from a cache that cannot be seen: it says where it is when it is asked for the next. */
async function sequencePosition(ask: Ask, sequence: string, { dialect }: Catalogue): Promise<number> {
  const sql =
    dialect === "postgres"
      ? `select case when is_called then last_value else last_value - 1 end as position from ${sequence}`
      : `select nextval(${sequence}) as position`;
  const [row] = await ask(sql);
  return Number(row?.position);
}

async function advanceSequence(ask: Ask, sequence: string, by: number): Promise<void> {
  await ask(
    `select setval('${sequence.replaceAll("'", "''")}'::regclass, s.last_value + ${by} * m.seqincrement)
     from ${sequence} s, pg_catalog.pg_sequence m
     where m.seqrelid = '${sequence.replaceAll("'", "''")}'::regclass
       and s.last_value + ${by} * m.seqincrement between m.seqmin and m.seqmax`,
  );
}
