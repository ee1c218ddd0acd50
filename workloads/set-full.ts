import {
  Abort,
  defineWorkload,
  hotKeys,
  neverUnlessDirty,
  retryOn,
  serverRefusals,
  type Expectation,
  type Mop,
  type OperationDefinition,
  type PlannedOperation,
  type Transaction,
} from "isolab";

const missing = ["lost-element", "stale-element"];

/** A summary that two writers compute at the same time lacks one of their elements, where the server lets it. */
const racing: readonly Expectation[] = [
  // InnoDB's READ UNCOMMITTED shows the other one's member before it is committed, most of the time.
  { on: ["mysql", "mariadb"], at: ["read-uncommitted"], must: ["stale-element"] },
  { on: ["postgres"], at: ["read-uncommitted"], must: missing },
  { at: ["read-committed"], must: missing },
  { on: ["postgres"], at: ["repeatable-read"], never: missing },
  { on: ["mysql"], at: ["repeatable-read"], must: missing },
  { on: ["mariadb"], at: ["repeatable-read"], settings: { innodb_snapshot_isolation: "OFF" }, must: missing },
  { on: ["mariadb"], at: ["repeatable-read"], settings: { innodb_snapshot_isolation: "ON" }, never: missing },
  { at: ["serializable"], never: missing },
];

/**
 * Groups with a row for each member, and a summary of all members in the group's own row, which is what
 * readers read. Whoever joins inserts a row and computes the summary anew. Every read is judged: it shows all
 * members whose joining had been acknowledged before it began (`set-full` of Jepsen's tests).
 *
 * The members' rows are a set that only grows. The summary's row is a register with a version column
 * (`revision`), into which whoever joins writes its attempt's id.
 */
export default defineWorkload({
  name: "set-full",
  summary: "members of groups and a summary of them: every read shows all who had joined before",
  cannotReveal: "replicas that lag: all sessions talk to one server; and members who leave, for nobody does",
  parameters: {
    groups: { summary: "groups that are joined at the same time", default: 1, min: 1, max: 100 },
    "uses-per-group": {
      summary: "operations planned for a group before a fresh one takes its place",
      default: 24,
      min: 1,
      max: 1_000,
    },
  },
  schema: (dialect) => [
    `create table member_groups (
       id int primary key, summary ${dialect === "postgres" ? "text" : "longtext"} not null,
       revision int not null default 0, changed_by varchar(40) not null default '')`,
    "create table members (group_id int not null, member varchar(40) not null, primary key (group_id, member))",
  ],
  setup: (_, plan) => {
    const rows = groupsOf(plan).map((group) => `(${group}, '')`);
    return rows.length === 0 ? [] : [`insert into member_groups (id, summary) values ${rows.join(", ")}`];
  },
  generator: (parameters) =>
    hotKeys({
      active: parameters.groups ?? 1,
      uses: parameters["uses-per-group"] ?? 1,
      operation: (key, rng): PlannedOperation => ({
        f: rng.chance(0.6) ? "join" : "read",
        args: { group: key + 1 },
      }),
    }),
  atRest: (plan) => groupsOf(plan).map((group) => ({ f: "read-at-rest", args: { group } })),
  checks: ["elements"],
  contention: { low: { groups: 50 }, high: { groups: 1 } },
  variants: {
    summary: {
      summary: "insert the member, read all members, write the summary; nothing keeps two callers apart",
      operations: { join: join(), read: readSummary(), "read-at-rest": readSummary() },
      expect: racing,
    },
    "lock-first": {
      summary: "lock the group's row with SELECT … FOR UPDATE before the member is inserted",
      operations: { join: join("for update"), read: readSummary(), "read-at-rest": readSummary() },
      retry: retryOn(...serverRefusals),
      expect: [{ never: missing }],
    },
    rows: {
      summary: "no summary: readers read the members' rows",
      operations: { join: insertOnly(), read: readRows(), "read-at-rest": readRows() },
      retry: retryOn(...serverRefusals),
      expect: [...neverUnlessDirty(missing)],
    },
    "serializable-retry": {
      summary: "naive code at SERIALIZABLE, tried again when the server refuses to commit",
      levels: ["serializable"],
      operations: { join: join(), read: readSummary(), "read-at-rest": readSummary() },
      retry: retryOn(...serverRefusals),
      expect: [{ never: missing }],
    },
  },
});

/** @param lock what locks the group's row before anything else; by default nothing does */
function join(lock?: string): OperationDefinition {
  return {
    invoke: (args, attempt) => [
      ["add", groupOf(args), attempt],
      ["rs", groupOf(args), null],
      ["w", summaryOf(args), [null, attempt]],
    ],
    run: (session, args, attempt) =>
      session.transaction(async (tx) => {
        if (lock !== undefined)
          await tx.query(`select id from member_groups where id = $1 ${lock}`, [args.group]);
        await insertMember(tx, args, attempt);
        const members = await membersOf(tx, args);
        await session.think();
        await tx.query(
          "update member_groups set summary = $2, revision = revision + 1, changed_by = $3 where id = $1",
          [args.group, members.join(","), attempt],
        );
        return {
          value: [
            ["add", groupOf(args), attempt],
            ["rs", groupOf(args), members],
            ["w", summaryOf(args), [null, attempt]],
          ],
          data: { added: { [groupOf(args)]: attempt } },
        };
      }),
  };
}

function insertOnly(): OperationDefinition {
  const value = (args: PlannedOperation["args"], attempt: string): readonly Mop[] => [
    ["add", groupOf(args), attempt],
  ];
  return {
    invoke: value,
    run: async (session, args, attempt) => {
      await session.transaction(async (tx) => {
        await insertMember(tx, args, attempt);
        await session.think();
      });
      return { value: value(args, attempt), data: { added: { [groupOf(args)]: attempt } } };
    },
  };
}

function readSummary(): OperationDefinition {
  return {
    invoke: (args) => [["r", summaryOf(args), null]],
    run: async (session, args) => {
      const { rows } = await session.transaction((tx) =>
        tx.query<{ summary: string; revision: number; changed_by: string }>(
          "select summary, revision, changed_by from member_groups where id = $1",
          [args.group],
        ),
      );
      const [row] = rows;
      if (row === undefined) throw new Abort("no-such-group");
      return {
        value: [["r", summaryOf(args), row.revision === 0 ? null : [row.revision, row.changed_by]]],
        data: {
          elements: { [groupOf(args)]: row.summary.split(",").filter((member) => member !== "") },
        },
      };
    },
  };
}

function readRows(): OperationDefinition {
  return {
    invoke: (args) => [["rs", groupOf(args), null]],
    run: async (session, args) => {
      const members = await session.transaction((tx) => membersOf(tx, args));
      return { value: [["rs", groupOf(args), members]], data: { elements: { [groupOf(args)]: members } } };
    },
  };
}

async function insertMember(tx: Transaction, args: PlannedOperation["args"], member: string): Promise<void> {
  await tx.query("insert into members (group_id, member) values ($1, $2)", [args.group, member]);
}

async function membersOf(tx: Transaction, args: PlannedOperation["args"]): Promise<readonly string[]> {
  const { rows } = await tx.query<{ member: string }>(
    "select member from members where group_id = $1 order by member",
    [args.group],
  );
  return rows.map(({ member }) => member);
}

function groupOf(args: PlannedOperation["args"]): string {
  return `group/${Number(args.group)}`;
}

function summaryOf(args: PlannedOperation["args"]): string {
  return `${groupOf(args)}/summary`;
}

function groupsOf(plan: readonly PlannedOperation[]): readonly number[] {
  return [...new Set(plan.map(({ args }) => Number(args.group)))].sort((a, b) => a - b);
}
