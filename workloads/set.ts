import {
  Abort,
  defineWorkload,
  hotKeys,
  lostUpdateRules,
  neverUnlessDirty,
  retryOn,
  serverRefusals,
  type Completed,
  type Dialect,
  type Expectation,
  type Json,
  type OperationDefinition,
  type PlannedOperation,
  type Transaction,
} from "isolab";

const lost = ["lost-element", "lost-update"];

/** A set in one value that is read, extended in application code and written back, where the server lets it. */
const losing: readonly Expectation[] = lostUpdateRules(lost);

/**
 * A revision tells what a row holds, as long as nobody reads one that is taken back: InnoDB's READ UNCOMMITTED
 * shows it, and whoever comes next gives the same number to another text.
 */
const optimistic: readonly Expectation[] = [...neverUnlessDirty(lost)];

/**
 * Sets to which everybody adds: when everything has ended, one read shows every element whose addition was
 * acknowledged (`set` of Jepsen's tests). The naive way keeps a set in one text.
 *
 * Where a set is one text, its row is a register with a version column (`revision`), into which each addition
 * writes its attempt's id; where it is many rows, it is a set that only grows. The element is the attempt's id.
 */
export default defineWorkload({
  name: "set",
  summary: "add elements to a set, read it once at the end: no element may be lost",
  cannotReveal: "stale reads: a set is read as a whole only after everything has ended (see set-full)",
  parameters: {
    sets: { summary: "sets that are added to at the same time", default: 2, min: 1, max: 100 },
    "elements-per-set": {
      summary: "additions planned for a set before a fresh one takes its place",
      default: 24,
      min: 1,
      max: 1_000,
    },
  },
  schema: (dialect) => [
    `create table sets (
       id int primary key, elements ${text[dialect]} not null,
       revision int not null default 0, changed_by varchar(40) not null default '')`,
    "create table elements (set_id int not null, element varchar(40) not null, primary key (set_id, element))",
  ],
  setup: (_, plan) => {
    const rows = setsOf(plan).map((set) => `(${set}, '')`);
    return rows.length === 0 ? [] : [`insert into sets (id, elements) values ${rows.join(", ")}`];
  },
  generator: (parameters) =>
    hotKeys({
      active: parameters.sets ?? 1,
      uses: parameters["elements-per-set"] ?? 1,
      operation: (key) => ({ f: "add", args: { set: key + 1 } }),
    }),
  atRest: (plan) => setsOf(plan).map((set) => ({ f: "read-at-rest", args: { set } })),
  checks: ["elements"],
  contention: { low: { sets: 50 }, high: { sets: 1 } },
  variants: {
    naive: {
      summary: "read the text, add to it, write it back; nothing keeps two callers apart",
      operations: inOneText(add()),
      expect: losing,
    },
    "for-update": {
      summary: "read the text with SELECT … FOR UPDATE",
      operations: inOneText(add({ lock: "for update" })),
      retry: retryOn(...serverRefusals),
      expect: [{ never: lost }],
    },
    optimistic: {
      summary: "write the text back only WHERE the revision is the one that was read",
      operations: inOneText(add({ unchanged: true })),
      retry: retryOn("stale-revision", ...serverRefusals),
      expect: optimistic,
    },
    concat: {
      summary: "let the database extend the text, without reading it first",
      operations: inOneText(concat()),
      retry: retryOn(...serverRefusals),
      expect: [{ never: lost }],
    },
    rows: {
      summary: "a row for each element",
      operations: { add: insert(), "read-at-rest": readRows() },
      retry: retryOn(...serverRefusals),
      expect: [{ never: lost }],
    },
    "serializable-retry": {
      summary: "naive code at SERIALIZABLE, tried again when the server refuses to commit",
      levels: ["serializable"],
      operations: inOneText(add()),
      retry: retryOn(...serverRefusals),
      expect: [{ never: lost }],
    },
  },
});

/** A set in one text, as a transaction read it. */
interface Text {
  readonly elements: string;
  readonly revision: number;
  /** The attempt that last changed it; empty where nobody has. */
  readonly changed_by: string;
}

/** What keeps two additions apart. */
interface Guard {
  /** The locking clause of the statement that reads. */
  readonly lock?: string;
  /** Whether to write only what nobody has changed since. */
  readonly unchanged?: boolean;
}

function add({ lock = "", unchanged = false }: Guard = {}): OperationDefinition {
  return {
    invoke: (args, attempt) => [
      ["r", keyOf(args), null],
      ["w", keyOf(args), [null, attempt]],
    ],
    run: (session, args, attempt) =>
      session.transaction(async (tx): Promise<Completed> => {
        const seen = await readText(tx, args, lock);
        await session.think();
        const elements = [...elementsIn(seen), attempt].join(",");
        const { affected } = await tx.query(
          `update sets set elements = $2, revision = revision + 1, changed_by = $3
           where id = $1 ${unchanged ? "and revision = $4" : ""}`,
          [args.set, elements, attempt, ...(unchanged ? [seen.revision] : [])],
        );
        if (affected === 0) throw new Abort("stale-revision");
        return {
          value: [
            ["r", keyOf(args), versionOf(seen)],
            ["w", keyOf(args), [unchanged ? seen.revision + 1 : null, attempt]],
          ],
          data: added(args, attempt),
        };
      }),
  };
}

function concat(): OperationDefinition {
  return {
    invoke: (args, attempt) => [["w", keyOf(args), [null, attempt]]],
    run: async (session, args, attempt) => {
      await session.transaction(async (tx) => {
        await tx.query(
          `update sets set elements = concat(elements, ',', coalesce($2, '')), revision = revision + 1, changed_by = $3
           where id = $1`,
          [args.set, attempt, attempt],
        );
        await session.think();
      });
      return { value: [["w", keyOf(args), [null, attempt]]], data: added(args, attempt) };
    },
  };
}

function insert(): OperationDefinition {
  return {
    invoke: (args, attempt) => [["add", keyOf(args), attempt]],
    run: async (session, args, attempt) => {
      await session.transaction((tx) =>
        tx.query("insert into elements (set_id, element) values ($1, $2)", [args.set, attempt]),
      );
      return { value: [["add", keyOf(args), attempt]], data: added(args, attempt) };
    },
  };
}

function readWhole(): OperationDefinition {
  return {
    invoke: (args) => [["r", keyOf(args), null]],
    run: async (session, args) => {
      const seen = await session.transaction((tx) => readText(tx, args));
      return {
        value: [["r", keyOf(args), versionOf(seen)]],
        data: { elements: { [keyOf(args)]: elementsIn(seen) } },
      };
    },
  };
}

function readRows(): OperationDefinition {
  return {
    invoke: (args) => [["rs", keyOf(args), null]],
    run: async (session, args) => {
      const { rows } = await session.transaction((tx) =>
        tx.query<{ element: string }>("select element from elements where set_id = $1 order by element", [
          args.set,
        ]),
      );
      const elements = rows.map(({ element }) => element);
      return { value: [["rs", keyOf(args), elements]], data: { elements: { [keyOf(args)]: elements } } };
    },
  };
}

async function readText(tx: Transaction, args: PlannedOperation["args"], lock = ""): Promise<Text> {
  const { rows } = await tx.query<{ elements: string; revision: number; changed_by: string }>(
    `select elements, revision, changed_by from sets where id = $1 ${lock}`,
    [args.set],
  );
  const [row] = rows;
  if (row === undefined) throw new Abort("no-such-set");
  return row;
}

function elementsIn({ elements }: Text): readonly string[] {
  return elements.split(",").filter((element) => element !== "");
}

/** The register's version: null as long as nobody changed it. */
function versionOf({ revision, changed_by }: Text): readonly [number, string] | null {
  return revision === 0 ? null : [revision, changed_by];
}

function added(args: PlannedOperation["args"], attempt: string): Json {
  return { added: { [keyOf(args)]: attempt } };
}

function keyOf(args: PlannedOperation["args"]): string {
  return `set/${Number(args.set)}`;
}

function setsOf(plan: readonly PlannedOperation[]): readonly number[] {
  return [...new Set(plan.map(({ args }) => Number(args.set)))].sort((a, b) => a - b);
}

const text: Readonly<Record<Dialect, string>> = { postgres: "text", mysql: "longtext" };

function inOneText(add: OperationDefinition): Record<string, OperationDefinition> {
  return { add, "read-at-rest": readWhole() };
}
