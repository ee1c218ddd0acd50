import type { Dialect } from "../../clients/database.ts";
import { wordPattern } from "../mentions.ts";
import { isMysqlUserSchema } from "../user-schemas.ts";
import type { Ask } from "./outcome.ts";

/** Where tables are looked for, beside where the session that asks looks for them. */
export interface Places {
  /** Schemas; in MySQL and MariaDB databases. */
  readonly schemas: readonly string[];
  /** The one whose tables are called by their names alone; that of the session that asks where undefined. */
  readonly home: string | undefined;
}

/** Something that was sent, or that is stored in the database and runs when it is called. */
export interface NamingText {
  readonly sql: string;
  readonly params?: readonly unknown[];
}

interface Stored {
  readonly schema: string;
  readonly sql: string;
  readonly isView: boolean;
}

/** All schemas (databases) of a server that are not its own, and the views, routines and triggers in them. */
export class KnownPlaces {
  readonly #names: readonly string[];
  readonly #stored: readonly Stored[];

  private constructor(names: readonly string[], stored: readonly Stored[]) {
    this.#names = names;
    this.#stored = stored;
  }

  static async ask(ask: Ask, dialect: Dialect): Promise<KnownPlaces> {
    const { names, stored } = dialect === "postgres" ? postgres : mysql;
    return new KnownPlaces(
      (await ask(names)).map(({ place }) => String(place)),
      (await ask(stored)).map(({ place, text, kind }) => ({
        schema: String(place),
        sql: String(text),
        isView: kind === "view",
      })),
    );
  }

  /** The views of some schemas; undefined where there are also routines, triggers or rules. */
  viewsOf(schemas: ReadonlySet<string>): readonly string[] | undefined {
    const stored = this.#stored.filter(({ schema }) => schemas.has(schema));
    return stored.every(({ isView }) => isView)
      ? stored.map(({ sql }) => sql.replace(/;\s*$/, ""))
      : undefined;
  }

  /** The routines, triggers and rules of some schemas. */
  codeOf(schemas: ReadonlySet<string>): readonly string[] {
    return this.#stored.filter(({ schema, isView }) => !isView && schemas.has(schema)).map(({ sql }) => sql);
  }

  /** Those of some names that are schemas. */
  among(names: readonly string[]): readonly string[] {
    return names.filter((name) => this.#names.includes(name));
  }

  /** The schemas that texts name, and those that what is stored in these names. @param path where connections look */
  namedBy(texts: readonly NamingText[], path: readonly string[]): ReadonlySet<string> {
    const found = new Set(path);
    for (const name of this.#names) if (texts.some((text) => names(text, name))) found.add(name);
    for (const schema of found)
      for (const { sql } of this.#stored.filter((one) => one.schema === schema))
        for (const name of this.#names) if (names({ sql }, name)) found.add(name);
    return found;
  }
}

/**
 * `name.table` names it, in a text or a parameter, and so does a parameter that is nothing but it; in what sets a search
 * path a word does.
 */
function names({ sql, params = [] }: NamingText, name: string): boolean {
  const word = wordPattern([name]);
  const isPath = /\bsearch_path\b|^\s*use\b|\bset\s+(?:\w+\s+)?schema\b/i.test(sql);
  const qualified = new RegExp(`${word}["\`]?\\s*\\.`, "iu");
  if (!isPath)
    return (
      qualified.test(sql) ||
      params.some((param) => typeof param === "string" && (param === name || qualified.test(param)))
    );
  return (
    new RegExp(word, "iu").test(sql) || params.some((param) => new RegExp(word, "iu").test(String(param)))
  );
}

const postgres = {
  names: `select n.nspname::text as place from pg_catalog.pg_namespace n
          where n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%' order by 1`,
  stored: `select n.nspname::text as place,
             case when p.prokind in ('f', 'p') then pg_catalog.pg_get_functiondef(p.oid) else p.prosrc end as text,
             'code' as kind
           from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
           join pg_catalog.pg_language l on l.oid = p.prolang
           where l.lanname not in ('c', 'internal') and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'
           union all select schemaname::text, definition, 'view' from pg_catalog.pg_views
           where schemaname <> 'information_schema' and schemaname not like 'pg\\_%'
           union all select schemaname::text, definition, 'code' from pg_catalog.pg_rules
           where schemaname <> 'information_schema' and schemaname not like 'pg\\_%'
           union all select n.nspname::text, pg_catalog.pg_get_triggerdef(t.oid), 'code'
           from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
           join pg_catalog.pg_namespace n on n.oid = c.relnamespace where not t.tgisinternal`,
};

const mysql = {
  names: `SELECT schema_name AS place FROM information_schema.schemata WHERE schema_name ${isMysqlUserSchema} ORDER BY 1`,
  stored: `SELECT routine_schema AS place, routine_definition AS text, 'code' AS kind FROM information_schema.routines
           WHERE routine_schema ${isMysqlUserSchema}
           UNION ALL SELECT table_schema, view_definition, 'view' FROM information_schema.views WHERE table_schema ${isMysqlUserSchema}
           UNION ALL SELECT trigger_schema, action_statement, 'code' FROM information_schema.triggers
           WHERE trigger_schema ${isMysqlUserSchema}`,
};
