import {
  atLeast,
  defineWorkload,
  hotKeys,
  retryOn,
  serverRefusals,
  type Completed,
  type Dialect,
  type Expectation,
  type Mop,
  type OperationDefinition,
  type PlannedOperation,
  type Transaction,
} from "isolab";

const fork = ["G-nonadjacent-item"];

/** MariaDB has no FOR SHARE; MySQL understands both. */
const shared = { postgres: "for share", mysql: "lock in share mode" } as const;

/** Two readers that each see a whole snapshot agree on which of two writes came first. */
const oneOrder: readonly Expectation[] = [{ at: atLeast("repeatable-read"), never: fork }];

/**
 * Long fork: two writers each write a row of their own, and two readers see both rows: the first reader only
 * the first write, the second reader only the second (Sovran et al., "Transactional Storage for Geo-replicated
 * Systems", SOSP 2011: parallel snapshot isolation allows it, snapshot isolation does not). The graph says it in
 * its own words: a cycle with two anti-dependencies that are not neighbours.
 *
 * Each row is a register with a version column (`revision`); a writer replaces the value of one, a reader
 * reads both in an order that the plan draws. Nobody does both, so there is no other cycle to be found.
 */
export default defineWorkload({
  name: "long-fork",
  summary: "writers of one row each, readers of two: all readers agree on which write came first",
  cannotReveal:
    "replicas that apply writes in different orders, which are what makes a long fork with snapshots: all sessions talk to one server",
  parameters: {
    pairs: { summary: "pairs of rows in use at the same time", default: 1, min: 1, max: 100 },
    "uses-per-pair": {
      summary: "operations planned for a pair before a fresh one takes its place",
      default: 32,
      min: 1,
      max: 1_000,
    },
  },
  schema: () => [
    `create table forks (
       pair_id int not null, side char(1) not null, revision int not null default 0,
       written_by varchar(40) not null default '', primary key (pair_id, side))`,
  ],
  setup: (_, plan) => {
    const rows = pairsOf(plan).flatMap((pair) => [`(${pair}, 'x')`, `(${pair}, 'y')`]);
    return rows.length === 0 ? [] : [`insert into forks (pair_id, side) values ${rows.join(", ")}`];
  },
  generator: (parameters) =>
    hotKeys({
      active: parameters.pairs ?? 1,
      uses: parameters["uses-per-pair"] ?? 1,
      operation: (key, rng): PlannedOperation => ({
        f: rng.chance(0.5) ? "read-both" : "write",
        args: { pair: key + 1, first: rng.chance(0.5) ? "x" : "y" },
      }),
    }),
  atRest: (plan) => pairsOf(plan).map((pair) => ({ f: "read-at-rest", args: { pair, first: "x" } })),
  checks: [],
  contention: { low: { pairs: 50 }, high: { pairs: 1 } },
  variants: {
    "two-statements": {
      summary: "readers read the two rows with a statement each",
      operations: operations(readEach()),
      retry: retryOn(...serverRefusals),
      expect: [{ at: ["read-uncommitted", "read-committed"], must: fork }, ...oneOrder],
    },
    "one-statement": {
      summary: "readers read both rows with one statement",
      operations: operations(readTogether()),
      retry: retryOn(...serverRefusals),
      expect: [{ on: ["postgres"], never: fork }, { at: ["read-committed"], never: fork }, ...oneOrder],
    },
    "for-share": {
      summary: "readers keep the rows from being changed until they have read both",
      operations: operations(readEach(shared)),
      retry: retryOn(...serverRefusals),
      expect: [{ never: fork }],
    },
  },
});

/** How often a reader pauses between its two statements. */
const pauses = 3;

interface Seen {
  readonly side: string;
  readonly revision: number;
  readonly written_by: string;
}

/** Reads back which revision it made, so that the order of two writes is known even where nobody saw the first. */
function write(): OperationDefinition {
  const mops = (args: PlannedOperation["args"], revision: number | null, attempt: string): readonly Mop[] => [
    ["w", keyOf(args, sidesInOrder(args)[0]), [revision, attempt]],
  ];
  return {
    invoke: (args, attempt) => mops(args, null, attempt),
    run: (session, args, attempt) =>
      session.transaction(async (tx) => {
        await tx.query(
          "update forks set revision = revision + 1, written_by = $3 where pair_id = $1 and side = $2",
          [args.pair, args.first, attempt],
        );
        const [own] = await sides(tx, args, `side = '${sidesInOrder(args)[0]}'`);
        return { value: mops(args, own?.revision ?? null, attempt) };
      }),
  };
}

function readEach(lock?: Readonly<Record<Dialect, string>>): OperationDefinition {
  return {
    invoke: unread,
    run: (session, args) =>
      session.transaction(async (tx) => {
        const [first, second] = sidesInOrder(args);
        const seen = await sides(tx, args, `side = '${first}' ${lock?.[session.dialect] ?? ""}`);
        // Two writes have to fit in between, and another reader's first statement before them.
        for (let pause = 0; pause < pauses; pause++) await session.think();
        return shown(args, [
          ...seen,
          ...(await sides(tx, args, `side = '${second}' ${lock?.[session.dialect] ?? ""}`)),
        ]);
      }),
  };
}

function readTogether(): OperationDefinition {
  return {
    invoke: (args) => unread({ ...args, first: "x" }),
    run: (session, args) =>
      session.transaction(async (tx) =>
        shown(args, await sides(tx, args, "side in ('x', 'y') order by side")),
      ),
  };
}

async function sides(
  tx: Transaction,
  args: PlannedOperation["args"],
  which: string,
): Promise<readonly Seen[]> {
  const { rows } = await tx.query<{ side: string; revision: number; written_by: string }>(
    `select side, revision, written_by from forks where pair_id = $1 and ${which}`,
    [args.pair],
  );
  return rows;
}

function shown(args: PlannedOperation["args"], seen: readonly Seen[]): Completed {
  return {
    value: seen.map(({ side, revision, written_by }) => [
      "r",
      keyOf(args, side),
      revision === 0 ? null : [revision, written_by],
    ]),
  };
}

/** The reads of both rows before anything is known of them. */
function unread(args: PlannedOperation["args"]): readonly Mop[] {
  return sidesInOrder(args).map((side) => ["r", keyOf(args, side), null]);
}

function sidesInOrder({ first }: PlannedOperation["args"]): readonly ["x" | "y", "x" | "y"] {
  return first === "y" ? ["y", "x"] : ["x", "y"];
}

function keyOf(args: PlannedOperation["args"], side: string): string {
  return `pair/${Number(args.pair)}/${side}`;
}

function pairsOf(plan: readonly PlannedOperation[]): readonly number[] {
  return [...new Set(plan.map(({ args }) => Number(args.pair)))].sort((a, b) => a - b);
}

/** Every variant writes, and looks at rest, in the same way. */
function operations(read: OperationDefinition): Record<string, OperationDefinition> {
  return { write: write(), "read-both": read, "read-at-rest": readTogether() };
}
