import { expect } from "vitest";

import { failure, withSessions } from "../../../support/databases.ts";
import {
  beginMarked,
  expectNothingLeft,
  failedCommit,
  type Produced,
  type Provocation,
} from "../provocation.ts";

interface Refusal {
  /** One statement that fails by itself, on the table `marker(id int)` and what `setup` makes. */
  readonly sql: string;
  readonly setup?: readonly string[];
  /** Statements that the session begins with. */
  readonly session?: readonly string[];
  readonly how: string;
  /** False for what fails inside of a transaction only. */
  readonly alone?: false;
}

/**
 * A statement that fails wherever it stands: alone, inside a transaction, and in answer to COMMIT, where a
 * deferred constraint trigger carries it out.
 */
export function refuses(code: string, { sql, setup = [], session = [], how, alone }: Refusal): Provocation {
  return {
    code,
    how: `${how}; in answer to COMMIT too, by a deferred trigger`,
    provoke: async ({ database }) => {
      await database.execute(["create table marker (id int)", ...setup]);
      return withSessions(database, "read-committed", 2, async (a, observer) => {
        for (const statement of session) await a.query(statement);
        const produced: Produced[] = [];
        if (alone !== false) {
          produced.push({ error: await failure(a.query(sql)), phase: "autocommit" });
          await expectNothingLeft(observer);
        }
        await beginMarked(a);
        produced.push({ error: await failure(a.query(sql)), phase: "statement" });
        expect((await failure(a.commit())).fields).toMatchObject({
          cause: "rolled-back",
          outcome: "definite",
        });
        await expectNothingLeft(observer);
        await database.execute(deferred(`execute $sql$${sql}$sql$`));
        produced.push({ error: await failedCommit(a, observer), phase: "commit" });
        return produced;
      });
    },
  };
}

/** Statements after which the COMMIT of an insert into `marker` carries out this PL/pgSQL. */
export function deferred(body: string): readonly string[] {
  return [
    `create function late() returns trigger language plpgsql as $late$ begin ${body}; return null; end $late$`,
    "create constraint trigger late after insert on marker deferrable initially deferred for each row execute function late()",
  ];
}

/** A function that raises a code, as the server's own code would. */
export function raising(code: string): string {
  return `create function raising() returns int language plpgsql as $$ begin raise exception 'x' using errcode = '${code}'; end $$`;
}
