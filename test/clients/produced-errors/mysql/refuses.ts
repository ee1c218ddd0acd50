import { failure, withSessions } from "../../../support/databases.ts";
import { beginMarked, expectNothingLeft, type Produced, type Provocation } from "../provocation.ts";

/** The table that all provocations know; what fails may leave nothing in it. */
export const marker = "create table marker (id int primary key) engine = innodb";

interface Refusal {
  /** One statement that fails by itself, on the table `marker(id int primary key)` and what `setup` makes. */
  readonly sql: string;
  readonly setup?: readonly string[];
  /** Statements that the session begins with. */
  readonly session?: readonly string[];
  readonly how: string;
  /** It is a schema change, which commits a transaction around it. */
  readonly commits?: true;
}

/** A statement that fails alone and inside a transaction. */
export function refuses(code: string, { sql, setup = [], session = [], how, commits }: Refusal): Provocation {
  return {
    code,
    how,
    provoke: async ({ database }) => {
      await database.execute([marker, ...setup]);
      return withSessions(database, "repeatable-read", 2, async (a, observer) => {
        for (const statement of session) await a.query(statement);
        const produced: Produced[] = [{ error: await failure(a.query(sql)), phase: "autocommit" }];
        await expectNothingLeft(observer);
        await beginMarked(a);
        const error = await failure(a.query(sql));
        produced.push({ error, phase: "statement", ...(commits && { outcome: "indeterminate" as const }) });
        await a.rollback();
        if (commits !== true) await expectNothingLeft(observer);
        return produced;
      });
    },
  };
}
