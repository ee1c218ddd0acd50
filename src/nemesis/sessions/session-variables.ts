import type { Connection, Dialect } from "../../clients/database.ts";
import type { Dress } from "../wardrobe.ts";

/** Server variables by name, for one session. */
export type Variables = Readonly<Record<string, string>>;

/** Sets server variables in each session, and afterwards what each of them was before. */
export function wearing(variables: Variables, dialect: Dialect): Dress {
  const before = new WeakMap<Connection, Variables>();
  const { read, write } = dialects[dialect];
  const set = async (connection: Connection, values: Variables): Promise<void> => {
    for (const [name, value] of Object.entries(values)) {
      const { sql, params } = write(name, value);
      await connection.query(sql, params);
    }
  };
  return {
    on: async (connection) => {
      const found: Record<string, string> = {};
      for (const name of Object.keys(variables)) {
        const { rows } = await connection.query<{ value: unknown }>(read(name));
        found[name] = String(rows[0]?.value);
      }
      before.set(connection, found);
      await set(connection, variables);
    },
    off: (connection) => set(connection, before.get(connection) ?? {}),
  };
}

interface Statement {
  readonly sql: string;
  readonly params: readonly string[];
}

const dialects: Readonly<
  Record<Dialect, { read: (name: string) => string; write: (name: string, value: string) => Statement }>
> = {
  postgres: {
    read: (name) => `select current_setting('${name}') as value`,
    write: (name, value) => ({ sql: "select set_config($1, $2, false)", params: [name, value] }),
  },
  mysql: {
    read: (name) => `select @@session.${name} as value`,
    write: (name, value) => ({ sql: `set session ${name} = ${value}`, params: [] }),
  },
};
