import {
  below,
  defineWorkload,
  hotKeys,
  retryOn,
  serverRefusals,
  type Completed,
  type Dialect,
  type Mop,
  type OperationDefinition,
  type PlannedOperation,
  type Transaction,
} from "isolab";

const duplicate = "duplicate-row";

/**
 * Tags, as an object-relational mapper's `findOrCreate` or `get_or_create` keeps them: look for the row of a name, and
 * insert one if there is none. There may never be two rows of one name; without a unique key nothing but the
 * level can see to that.
 *
 * The rows of one name are a set: whoever looks reads it whole, and whoever creates adds the attempt's id, which is
 * stored in the row. A statement that looks and inserts at once, and does not say what it saw, tells only the
 * rows that were there afterwards.
 */
export default defineWorkload({
  name: "find-or-create",
  summary: "find the row of a name or create it: there is one row of each name",
  cannotReveal: "lost updates and write cycles: rows are only ever inserted, never changed",
  parameters: {
    names: { summary: "names that are looked for at the same time", default: 2, min: 1, max: 100 },
    "uses-per-name": {
      summary: "times that a name is asked for before a fresh one takes its place",
      default: 4,
      min: 1,
      max: 1_000,
    },
  },
  schema: () => [
    "create table tags (created_by varchar(40) primary key, name varchar(100) not null)",
    "create index tags_by_name on tags (name)",
  ],
  setup: () => [],
  generator: (parameters) =>
    hotKeys({
      active: parameters.names ?? 1,
      uses: parameters["uses-per-name"] ?? 1,
      operation: (key) => ({ f: "find-or-create", args: { tag: key + 1 } }),
    }),
  atRest: (plan) => {
    const tags = new Set(plan.map(({ args }) => Number(args.tag)));
    return [...tags].map((tag) => ({ f: "read-at-rest", args: { tag } }));
  },
  checks: ["names"],
  contention: { low: { names: 50 }, high: { names: 1 } },
  variants: {
    naive: {
      summary: "look for the name, insert a row if there is none; nothing is locked, no key is unique",
      operations: operations(findOrCreate()),
      expect: [
        { at: below("serializable"), must: [duplicate, "G2"] },
        { at: ["serializable"], never: [duplicate, "G2"] },
      ],
    },
    "where-not-exists": {
      summary: "INSERT … WHERE NOT EXISTS, which commits itself: a single statement, and still a race",
      operations: operations(insertWhereNotExists()),
      expect: [
        // Where two statements meet is a matter of luck; a search finds it.
        { on: ["mysql", "mariadb"], at: ["repeatable-read"], never: [duplicate] },
        { at: ["serializable"], never: [duplicate] },
      ],
    },
    unique: {
      summary: "a unique key on the name, and another attempt, which finds the row, after a violation",
      schema: uniqueName,
      operations: operations(findOrCreate()),
      retry: retryOn("duplicate-key", ...serverRefusals),
      expect: [{ never: [duplicate] }],
    },
    upsert: {
      summary: "a unique key, INSERT … ON CONFLICT DO NOTHING (INSERT IGNORE), then look who created the row",
      schema: uniqueName,
      operations: operations(upsert()),
      retry: retryOn(...serverRefusals),
      expect: [{ never: [duplicate] }],
    },
    "serializable-retry": {
      summary: "naive code at SERIALIZABLE, tried again when the server refuses to commit",
      levels: ["serializable"],
      operations: operations(findOrCreate()),
      retry: retryOn(...serverRefusals),
      expect: [{ never: [duplicate, "G2"] }],
    },
  },
});

function findOrCreate(): OperationDefinition {
  return {
    invoke: (args, attempt) => [...readsOf(args, null), created(args, attempt)],
    run: (session, args, attempt) =>
      session.transaction(async (tx): Promise<Completed> => {
        const seen = await rowsOf(tx, args);
        await session.think();
        if (seen.length > 0) return { value: readsOf(args, seen) };
        await tx.query("insert into tags (created_by, name) values ($1, $2)", [attempt, nameOf(args)]);
        return {
          value: [...readsOf(args, seen), created(args, attempt)],
          data: { took: { [keyOf(args)]: attempt } },
        };
      }),
  };
}

/** Answers how many rows it inserted, and nothing of what it saw. */
function insertWhereNotExists(): OperationDefinition {
  return {
    invoke: (args, attempt) => [created(args, attempt)],
    run: async (session, args, attempt): Promise<Completed> => {
      const { affected } = await session.query(
        `insert into tags (created_by, name)
         select $1, $2 from (select 1 as one) as one_row
         where not exists (select 1 from tags where name = $3)`,
        [attempt, nameOf(args), nameOf(args)],
      );
      if (affected === 0) return { value: [] };
      return { value: [created(args, attempt)], data: { took: { [keyOf(args)]: attempt } } };
    },
  };
}

/** The statement that inserts says nothing of a row that was there, so that another one has to look. */
function upsert(): OperationDefinition {
  return {
    invoke: (args, attempt) => [created(args, attempt), ...readsOf(args, null)],
    run: (session, args, attempt) =>
      session.transaction(async (tx): Promise<Completed> => {
        const ignoring = session.dialect === "postgres" ? "insert into" : "insert ignore into";
        const otherwise = session.dialect === "postgres" ? "on conflict (name) do nothing" : "";
        const { affected } = await tx.query(
          `${ignoring} tags (created_by, name) values ($1, $2) ${otherwise}`,
          [attempt, nameOf(args)],
        );
        await session.think();
        const seen = await rowsOf(tx, args);
        if (affected === 0) return { value: readsOf(args, seen) };
        return {
          value: [created(args, attempt), ...readsOf(args, seen)],
          data: { took: { [keyOf(args)]: attempt } },
        };
      }),
  };
}

/** The rows of a name after everything else has ended. */
function readAtRest(): OperationDefinition {
  return {
    invoke: (args) => readsOf(args, null),
    run: async (session, args) => {
      const seen = await session.transaction((tx) => rowsOf(tx, args));
      return { value: readsOf(args, seen), data: { holders: { [keyOf(args)]: seen } } };
    },
  };
}

/** Who created each row of a name, read by one statement. */
async function rowsOf(tx: Transaction, args: PlannedOperation["args"]): Promise<readonly string[]> {
  const { rows } = await tx.query<{ created_by: string }>(
    "select created_by from tags where name = $1 order by created_by",
    [nameOf(args)],
  );
  return rows.map(({ created_by }) => created_by);
}

function uniqueName(_: Dialect): readonly string[] {
  return ["create unique index one_of_each_name on tags (name)"];
}

function readsOf(args: PlannedOperation["args"], seen: readonly string[] | null): readonly Mop[] {
  return [["rs", keyOf(args), seen]];
}

function created(args: PlannedOperation["args"], attempt: string): Mop {
  return ["add", keyOf(args), attempt];
}

function keyOf(args: PlannedOperation["args"]): string {
  return `name/${nameOf(args)}`;
}

function nameOf(args: PlannedOperation["args"]): string {
  return `tag-${Number(args.tag)}`;
}

/** Every variant reads a name's rows at rest in the same way. */
function operations(findOrCreate: OperationDefinition): Record<string, OperationDefinition> {
  return { "find-or-create": findOrCreate, "read-at-rest": readAtRest() };
}
