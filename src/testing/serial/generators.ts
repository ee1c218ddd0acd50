import type { Catalogue, Table } from "./catalogue.ts";
import type { Ask } from "./outcome.ts";

/** Where a sequence or an AUTO_INCREMENT is. */
export interface Standing {
  /** The highest number that it has handed out or passed over; NaN where that cannot be asked without using it up. */
  readonly position: number;
  /** So many numbers are left at the least, before it runs out or begins anew. */
  readonly left: number;
  /** Is another one once a number was handed out; undefined where that cannot be told. */
  readonly mark: string | undefined;
}

/** What hands out keys. */
export interface Generator {
  /** As people call it. */
  readonly name: string;
  /** Where it is. In MariaDB a sequence may move on by one. */
  look(ask: Ask): Promise<Standing>;
  /** Moves it on by so many numbers, of which so many must be left. */
  advance(ask: Ask, by: number): Promise<void>;
}

/** Every AUTO_INCREMENT and every sequence, in this order. */
export function generatorsOf({ dialect, tables, sequences }: Catalogue): readonly Generator[] {
  return [
    ...tables.flatMap((table) =>
      table.autoIncrement === undefined ? [] : [autoIncrement(table, table.autoIncrement)],
    ),
    ...sequences.map(dialect === "postgres" ? postgresSequence : mariadbSequence),
  ];
}

/** So many numbers are left for the functions at the least, where a generator is moved on. */
export const roomForFunctions = 16;

/** `information_schema` may answer what was true a day ago; `SHOW CREATE TABLE` is the table's own word. */
function autoIncrement({ name, quoted }: Table, column: string): Generator {
  const look = async (ask: Ask): Promise<Standing> => {
    const [row] = await ask(`SHOW CREATE TABLE ${quoted}`);
    const text = String(row?.["Create Table"]);
    const next = Number(/\bAUTO_INCREMENT=(\d+)/.exec(text)?.[1] ?? 1);
    return { position: next - 1, left: lastOf(text) - next + 1, mark: String(next) };
  };
  return {
    name: `${name}.${column}`,
    look,
    // An ALTER TABLE: no transaction may be open.
    advance: async (ask, by) => {
      const { position } = await look(ask);
      await ask(`ALTER TABLE ${quoted} AUTO_INCREMENT = ${position + 1 + by}`);
    },
  };
}

const bitsOf: Readonly<Record<string, number>> = {
  tinyint: 8,
  smallint: 16,
  mediumint: 24,
  int: 32,
  bigint: 64,
};

/** The highest number that the column with AUTO_INCREMENT holds. @param text of its table */
function lastOf(text: string): number {
  const found = /^\s*`.*`\s+(?<type>\w+)(?:\(\d+\))?(?<unsigned>\s+unsigned)?\b.*\bAUTO_INCREMENT\b/im.exec(
    text,
  );
  const { type = "", unsigned } = found?.groups ?? {};
  const bits = bitsOf[type.toLowerCase()];
  // A FLOAT or a DOUBLE.
  if (bits === undefined) return 2 ** 24;
  return 2 ** (unsigned === undefined ? bits - 1 : bits) - 1;
}

function postgresSequence(quoted: string): Generator {
  const id = `'${quoted.replaceAll("'", "''")}'::regclass`;
  return {
    name: quoted,
    look: async (ask) => {
      const [row] = await ask(
        `select case when s.is_called then s.last_value else s.last_value - 1 end as position,
                s.last_value || ' ' || s.is_called || ' ' || s.log_cnt as mark,
                trunc(case when m.seqincrement > 0 then m.seqmax::numeric - s.last_value else s.last_value::numeric - m.seqmin end
                      / abs(m.seqincrement::numeric)) as numbers_left
         from ${quoted} s, pg_catalog.pg_sequence m where m.seqrelid = ${id}`,
      );
      return {
        position: Number(row?.position),
        left: Number(row?.numbers_left),
        mark: String(row?.mark),
      };
    },
    advance: async (ask, by) => {
      await ask(
        `select setval(${id}, s.last_value + ${by} * m.seqincrement)
         from ${quoted} s, pg_catalog.pg_sequence m where m.seqrelid = ${id}`,
      );
    },
  };
}

/**
 * MariaDB hands out numbers from a cache that cannot be seen: a sequence says where it is when it is asked for the next.
 * Which number comes after the cache is seen.
 */
function mariadbSequence(quoted: string): Generator {
  const facts = async (ask: Ask): Promise<{ readonly left: number; readonly increment: number }> => {
    const [row] = await ask(
      `SELECT next_not_cached_value AS next, minimum_value AS first, maximum_value AS last, increment AS step FROM ${quoted}`,
    );
    const increment = Number(row?.step) || 1;
    const [next, first, last] = [row?.next, row?.first, row?.last].map(Number);
    const span = increment > 0 ? Number(last) - Number(next) : Number(next) - Number(first);
    return { left: Math.trunc(span / Math.abs(increment)), increment };
  };
  const next = async (ask: Ask): Promise<number> => {
    const [row] = await ask(`SELECT NEXTVAL(${quoted}) AS position`);
    return Number(row?.position);
  };
  return {
    name: quoted.replaceAll("`", ""),
    look: async (ask) => {
      const { left } = await facts(ask);
      const position = left > roomForFunctions ? await next(ask) : NaN;
      return { position, left, mark: undefined };
    },
    advance: async (ask, by) => {
      const { increment } = await facts(ask);
      await ask(`SELECT SETVAL(${quoted}, ${(await next(ask)) + by * increment})`);
    },
  };
}
