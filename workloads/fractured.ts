import {
  defineWorkload,
  hotKeys,
  neverUnlessDirty,
  retryOn,
  serverRefusals,
  type Completed,
  type Expectation,
  type Mop,
  type OperationDefinition,
  type PlannedOperation,
  type Transaction,
} from "isolab";

const fractured = ["fractured-read"];

/** InnoDB's READ UNCOMMITTED shows a raise between its two steps; elsewhere one cannot be seen by half. */
const wholeRaises: readonly Expectation[] = [
  { on: ["mysql", "mariadb"], at: ["read-uncommitted"], must: fractured },
  ...neverUnlessDirty(fractured),
];

/**
 * Two counters, A and B, that every writer raises together: a reader that asks for A, then for B, then for A
 * again must find A ≤ B ≤ A, even where each statement sees newer data than the one before it. Whoever
 * finds anything else saw a transaction by half (Bailis et al., "Highly Available Transactions", VLDB 2013,
 * section 5.1.2: monotonic atomic view).
 *
 * Each counter's row is a register whose version is the count itself: a raise adds one and stores its
 * attempt's id, and nothing else changes either column.
 */
export default defineWorkload({
  name: "fractured",
  summary: "two counters that are raised together: a reader must find A ≤ B ≤ A",
  cannotReveal: "lost updates and phantoms: raises are single statements, and rows neither come nor go",
  parameters: {
    pairs: { summary: "pairs of counters in use at the same time", default: 2, min: 1, max: 100 },
    "uses-per-pair": {
      summary: "operations planned for a pair before a fresh one takes its place",
      default: 32,
      min: 1,
      max: 1_000,
    },
  },
  schema: () => [
    `create table halves (
       pair_id int not null, half char(1) not null, count int not null default 0,
       raised_by varchar(40) not null default '', looks int not null default 0, primary key (pair_id, half))`,
  ],
  setup: (_, plan) => {
    const rows = pairsOf(plan).flatMap((pair) => [`(${pair}, 'a')`, `(${pair}, 'b')`]);
    return rows.length === 0 ? [] : [`insert into halves (pair_id, half) values ${rows.join(", ")}`];
  },
  generator: (parameters) =>
    hotKeys({
      active: parameters.pairs ?? 1,
      uses: parameters["uses-per-pair"] ?? 1,
      operation: (key, rng): PlannedOperation => {
        const args = { pair: key + 1 };
        return rng.chance(0.5)
          ? { f: "read-pair", args }
          : { f: "raise", args: { ...args, first: rng.chance(0.5) ? "a" : "b" } };
      },
    }),
  atRest: (plan) => pairsOf(plan).map((pair) => ({ f: "read-at-rest", args: { pair } })),
  checks: ["fractured"],
  contention: { low: { pairs: 50 }, high: { pairs: 1 } },
  variants: {
    noting: {
      summary: "the reader notes in B's row that it looked, between its first two reads",
      operations: operations(readThrice({ noting: true })),
      retry: retryOn(...serverRefusals),
      expect: [
        { on: ["mysql", "mariadb"], at: ["read-uncommitted"], must: fractured },
        // InnoDB's update finds the newest B, which the reader then sees beside the A of its snapshot.
        { on: ["mysql"], at: ["repeatable-read"], must: fractured },
        {
          on: ["mariadb"],
          at: ["repeatable-read"],
          settings: { innodb_snapshot_isolation: "OFF" },
          must: fractured,
        },
        {
          on: ["mariadb"],
          at: ["repeatable-read"],
          settings: { innodb_snapshot_isolation: "ON" },
          never: fractured,
        },
        { on: ["postgres"], never: fractured },
        { at: ["read-committed", "serializable"], never: fractured },
      ],
    },
    plain: {
      summary: "the reader only reads, with three statements",
      operations: operations(readThrice()),
      retry: retryOn(...serverRefusals),
      expect: wholeRaises,
    },
    "one-statement": {
      summary: "the reader asks for both counters in one statement",
      operations: operations(readOnce("")),
      retry: retryOn(...serverRefusals),
      expect: wholeRaises,
    },
    "for-update": {
      summary: "the reader locks both counters with the statement that reads them",
      operations: operations(readOnce("for update")),
      retry: retryOn(...serverRefusals),
      expect: [{ never: fractured }],
    },
  },
});

type Half = "a" | "b";

/** One of the two counters as a statement showed it: how often it was raised, and by whom last. */
interface Count {
  readonly half: Half;
  readonly count: number;
  readonly raised_by: string;
}

function raise(): OperationDefinition {
  const value = (args: PlannedOperation["args"], attempt: string): readonly Mop[] =>
    halvesInOrder(args).map((half) => ["w", keyOf(args, half), [null, attempt]]);
  return {
    invoke: value,
    run: async (session, args, attempt) => {
      await session.transaction(async (tx) => {
        for (const [position, half] of halvesInOrder(args).entries()) {
          if (position > 0) await session.think();
          await tx.query(
            "update halves set count = count + 1, raised_by = $3 where pair_id = $1 and half = $2",
            [args.pair, half, attempt],
          );
        }
      });
      return { value: value(args, attempt), data: { raised: { [pairKey(args)]: attempt } } };
    },
  };
}

function readThrice({ noting = false }: { readonly noting?: boolean } = {}): OperationDefinition {
  return {
    invoke: unread,
    run: (session, args) =>
      session.transaction(async (tx) => {
        const before = await readHalf(tx, args, "a");
        await session.think();
        if (noting)
          await tx.query("update halves set looks = looks + 1 where pair_id = $1 and half = 'b'", [
            args.pair,
          ]);
        const between = await readHalf(tx, args, "b");
        await session.think();
        return seen(args, [...before, ...between, ...(await readHalf(tx, args, "a"))]);
      }),
  };
}

/** One statement shows A once, so it stands for both reads of it. */
function readOnce(lock: string): OperationDefinition {
  return {
    invoke: unread,
    run: (session, args) =>
      session.transaction(async (tx) => {
        const { rows } = await tx.query<{ half: Half; count: number; raised_by: string }>(
          `select half, count, raised_by from halves where pair_id = $1 order by half ${lock}`,
          [args.pair],
        );
        return seen(args, [...rows, ...rows.filter(({ half }) => half === "a")]);
      }),
  };
}

async function readHalf(
  tx: Transaction,
  args: PlannedOperation["args"],
  half: Half,
): Promise<readonly Count[]> {
  const { rows } = await tx.query<{ half: Half; count: number; raised_by: string }>(
    "select half, count, raised_by from halves where pair_id = $1 and half = $2",
    [args.pair, half],
  );
  return rows;
}

function seen(args: PlannedOperation["args"], counts: readonly Count[]): Completed {
  return {
    value: counts.map(({ half, count, raised_by }) => [
      "r",
      keyOf(args, half),
      count === 0 ? null : [count, raised_by],
    ]),
    data: { saw: { [pairKey(args)]: counts.map(({ count, raised_by }) => [count, raised_by]) } },
  };
}

/** The reads of a pair before anything is known of them. */
function unread(args: PlannedOperation["args"]): readonly Mop[] {
  return (["a", "b", "a"] as const).map((half) => ["r", keyOf(args, half), null]);
}

function halvesInOrder(args: PlannedOperation["args"]): readonly Half[] {
  return args.first === "b" ? ["b", "a"] : ["a", "b"];
}

function pairKey(args: PlannedOperation["args"]): string {
  return `pair/${Number(args.pair)}`;
}

function keyOf(args: PlannedOperation["args"], half: Half): string {
  return `${pairKey(args)}/${half}`;
}

function pairsOf(plan: readonly PlannedOperation[]): readonly number[] {
  return [...new Set(plan.map(({ args }) => Number(args.pair)))].sort((a, b) => a - b);
}

/** Every variant raises, and looks at rest, in the same way. */
function operations(read: OperationDefinition): Record<string, OperationDefinition> {
  return { raise: raise(), "read-pair": read, "read-at-rest": readOnce("") };
}
