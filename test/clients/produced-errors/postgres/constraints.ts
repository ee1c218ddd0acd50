import { withSessions } from "../../../support/databases.ts";
import { failedCommit, type Produced, type Provocation, type Theme } from "../provocation.ts";
import { refuses } from "./refuses.ts";

const child = [
  "create table parent (id int primary key)",
  "create table child (id int references parent on delete restrict)",
  "insert into parent values (1)",
  "insert into child values (1)",
];

/** Integrity constraints, checked with the statement and at COMMIT. */
export const constraints: Theme = {
  name: "constraints",
  provocations: [
    refuses("23505", {
      how: "a row whose primary key is there already",
      setup: ["create table t (id int primary key)"],
      sql: "insert into t values (1), (1)",
    }),
    atCommit("23505", "unique deferrable initially deferred", "insert into t values (1), (1)"),
    refuses("23503", { how: "a row without its parent", setup: child, sql: "insert into child values (9)" }),
    atCommit(
      "23503",
      "primary key, up int references t deferrable initially deferred",
      "insert into t values (1, 9)",
    ),
    refuses("23514", {
      how: "a row that a CHECK refuses",
      setup: ["create table t (id int check (id > 0))"],
      sql: "insert into t values (0)",
    }),
    refuses("23502", {
      how: "NULL for a column that is NOT NULL",
      setup: ["create table t (id int not null)"],
      sql: "insert into t values (null)",
    }),
    refuses("23P01", {
      how: "a row that an EXCLUDE constraint refuses",
      setup: ["create table t (id int, exclude (id with =))"],
      sql: "insert into t values (1), (1)",
    }),
    atCommit("23P01", ", exclude (id with =) deferrable initially deferred", "insert into t values (1), (1)"),
    refuses("23001", {
      how: "deletion of a row that ON DELETE RESTRICT protects",
      setup: child,
      sql: "delete from parent",
    }),
  ],
};

/** A deferred constraint on the table `t`, which only COMMIT checks. */
function atCommit(code: string, constraint: string, violation: string): Provocation {
  return {
    code,
    how: "the same with a deferred constraint, checked by COMMIT",
    provoke: async ({ database }): Promise<readonly Produced[]> => {
      await database.execute([
        "create table marker (id int)",
        `create table t (id int ${constraint})`,
        `create function violate() returns trigger language plpgsql as $$ begin ${violation}; return null; end $$`,
        "create trigger violate after insert on marker for each row execute function violate()",
      ]);
      return withSessions(database, "read-committed", 2, async (a, observer) => [
        { error: await failedCommit(a, observer), phase: "commit" },
      ]);
    },
  };
}
