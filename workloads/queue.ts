import {
  Abort,
  defineWorkload,
  hotKeys,
  retryOn,
  serverRefusals,
  type Completed,
  type Expectation,
  type OperationDefinition,
  type PlannedOperation,
  type Session,
  type Transaction,
} from "isolab";

const twice = ["double-dispatch", "lost-update"];

/** Holds wherever a job is taken and done in one transaction, whoever crashes. */
const keepsJobs: Expectation = { never: ["lost-job"] };

/** Two workers who choose without a lock may choose the same job, where the server lets both write it. */
const racing: readonly Expectation[] = [
  { at: ["read-uncommitted", "read-committed"], must: twice },
  { on: ["postgres"], at: ["repeatable-read"], never: twice },
  { on: ["mysql"], at: ["repeatable-read"], must: twice },
  { on: ["mariadb"], at: ["repeatable-read"], settings: { innodb_snapshot_isolation: "OFF" }, must: twice },
  { on: ["mariadb"], at: ["repeatable-read"], settings: { innodb_snapshot_isolation: "ON" }, never: twice },
  { at: ["serializable"], never: twice },
  keepsJobs,
];

/**
 * A job queue in a table: producers insert jobs, each worker takes the oldest open one, works on it and marks
 * it done. No job may be dispatched twice, and none may be lost: when everything has ended a job is done,
 * or open for whoever comes next. Now and then the plan has a worker crash over its job.
 *
 * A queue's jobs are a set of rows that only grows; the read at rest sees all of it. Each job's row is also a
 * register with a version column (`revision`), written by who enqueued it and read and written by who took it.
 * Which job that will be is known only afterwards, and no transaction reads the row of a job that is taken.
 */
export default defineWorkload({
  name: "queue",
  summary: "a job queue in a table: no job is dispatched twice, none is lost",
  cannotReveal:
    "the order of dispatches, jobs that nobody takes, and what a worker did outside the database before it was rolled back",
  parameters: {
    queues: { summary: "queues in use at the same time", default: 1, min: 1, max: 100 },
    "uses-per-queue": {
      summary: "operations planned for a queue before a fresh one takes its place",
      default: 64,
      min: 1,
      max: 1_000,
    },
    crashes: {
      summary: "workers that crash between taking a job and having done it, of all",
      default: 0.3,
      min: 0,
      max: 0.9,
      fractional: true,
    },
  },
  schema: (dialect) => [
    `create table jobs (
       id ${generatedId[dialect]} primary key, queue_id int not null, job varchar(40) not null,
       state varchar(10) not null default 'open', revision int not null default 1,
       taken_by varchar(40) not null default '')`,
    "create index jobs_of_queue on jobs (queue_id, state, id)",
  ],
  setup: () => [],
  generator: ({ queues = 1, crashes = 0, ...others }) =>
    hotKeys({
      active: queues,
      uses: others["uses-per-queue"] ?? 1,
      operation: (key, rng): PlannedOperation =>
        rng.chance(0.5)
          ? { f: "enqueue", args: { queue: key + 1 } }
          : { f: "work", args: { queue: key + 1, crash: rng.chance(crashes) } },
    }),
  atRest: (plan) => {
    const queues = [...new Set(plan.map(({ args }) => Number(args.queue)))].sort((a, b) => a - b);
    return queues.map((queue) => ({ f: "read-at-rest", args: { queue } }));
  },
  checks: ["queue"],
  contention: { low: { queues: 50 }, high: { queues: 1 } },
  variants: {
    naive: {
      summary: "read the oldest open job, work on it, mark it done by its id; nothing is locked",
      operations: operations(work({ finish: markDone })),
      expect: racing,
    },
    "for-update": {
      summary: "lock the job with SELECT … FOR UPDATE while choosing it: workers queue up",
      operations: operations(work({ lock: "for update", finish: markDone })),
      retry: retryOn(...serverRefusals),
      expect: [{ never: twice }, keepsJobs],
    },
    "skip-locked": {
      summary: "lock the job with SELECT … FOR UPDATE SKIP LOCKED: workers pass each other by",
      operations: operations(work({ lock: "for update skip locked", finish: markDone })),
      retry: retryOn(...serverRefusals),
      expect: [{ never: twice }, keepsJobs],
    },
    conditional: {
      summary: "mark it done only WHERE it is still open, and another attempt where it is not",
      operations: operations(work({ finish: markOpenDone })),
      retry: retryOn("already-taken", ...serverRefusals),
      expect: [{ never: twice }, keepsJobs],
    },
    scope: {
      summary: "claim the job in one transaction and mark it done in another: a crash in between loses it",
      operations: operations(workInTwo()),
      retry: retryOn(...serverRefusals),
      expect: [{ must: ["lost-job"], never: twice }],
    },
    "serializable-retry": {
      summary: "naive code at SERIALIZABLE, tried again when the server refuses to commit",
      levels: ["serializable"],
      operations: operations(work({ finish: markDone })),
      retry: retryOn(...serverRefusals),
      expect: [{ never: twice }, keepsJobs],
    },
  },
});

const generatedId = {
  postgres: "int generated by default as identity",
  mysql: "int auto_increment",
} as const;

/** An open job as a worker found it. Its id is the database's own affair; `job` names it everywhere else. */
interface Job {
  readonly id: number;
  readonly job: string;
}

/** How a variant chooses a job and marks it done. */
interface Work {
  /** The locking clause of the statement that chooses. */
  readonly lock?: string;
  readonly finish: (tx: Transaction, id: number, attempt: string) => Promise<void>;
}

function enqueue(): OperationDefinition {
  const value = (args: PlannedOperation["args"], attempt: string): Completed["value"] => [
    ["add", queueOf(args), attempt],
    ["w", keyOf(args, attempt), [1, attempt]],
  ];
  return {
    invoke: value,
    run: async (session, args, attempt) => {
      await session.transaction((tx) =>
        tx.query("insert into jobs (queue_id, job) values ($1, $2)", [args.queue, attempt]),
      );
      return { value: value(args, attempt), data: { enqueued: { [queueOf(args)]: attempt } } };
    },
  };
}

function work({ lock, finish }: Work): OperationDefinition {
  return {
    invoke: () => [],
    run: (session, args, attempt) =>
      session.transaction(async (tx) => {
        const job = await oldestOpen(tx, args, lock);
        if (job === undefined) return { value: [] };
        await labour(session, args);
        await finish(tx, job.id, attempt);
        return dispatched(args, job, attempt);
      }),
  };
}

/** Claims and finishes in transactions of their own, so that the lock is not held while it works. */
function workInTwo(): OperationDefinition {
  return {
    invoke: () => [],
    run: async (session, args, attempt) => {
      const job = await session.transaction(async (tx) => {
        const chosen = await oldestOpen(tx, args, "for update skip locked");
        if (chosen !== undefined) await mark(tx, chosen.id, { state: "claimed", attempt });
        return chosen;
      });
      if (job === undefined) return { value: [] };
      await labour(session, args);
      await session.transaction((tx) => markDone(tx, job.id, attempt));
      return dispatched(args, job, attempt);
    },
  };
}

async function oldestOpen(
  tx: Transaction,
  args: PlannedOperation["args"],
  lock = "",
): Promise<Job | undefined> {
  const { rows } = await tx.query<{ id: number; job: string }>(
    `select id, job from jobs where queue_id = $1 and state = 'open' order by id limit 1 ${lock}`,
    [args.queue],
  );
  return rows[0];
}

/** What the job takes; the plan says whether the worker survives it. */
async function labour(session: Session, args: PlannedOperation["args"]): Promise<void> {
  await session.think();
  if (args.crash === true) throw new Abort("worker-crashed");
}

async function mark(
  tx: Transaction,
  id: number,
  { state, attempt, open = "" }: { readonly state: string; readonly attempt: string; readonly open?: string },
): Promise<number> {
  const { affected } = await tx.query(
    `update jobs set state = $2, taken_by = $3, revision = revision + 1 where id = $1 ${open}`,
    [id, state, attempt],
  );
  return affected;
}

async function markDone(tx: Transaction, id: number, attempt: string): Promise<void> {
  await mark(tx, id, { state: "done", attempt });
}

async function markOpenDone(tx: Transaction, id: number, attempt: string): Promise<void> {
  const affected = await mark(tx, id, { state: "done", attempt, open: "and state = 'open'" });
  if (affected === 0) throw new Abort("already-taken");
}

/** Whoever chose an open job saw its first version, the one that was enqueued. */
function dispatched(args: PlannedOperation["args"], { job }: Job, attempt: string): Completed {
  return {
    value: [
      ["r", keyOf(args, job), [1, job]],
      ["w", keyOf(args, job), [null, attempt]],
    ],
    data: { dispatched: { [queueOf(args)]: [job, attempt] } },
  };
}

/** All jobs of a queue after everything else has ended, in whatever state they are. */
function readAtRest(): OperationDefinition {
  return {
    invoke: (args) => [["rs", queueOf(args), null]],
    run: async (session, args) => {
      const { rows } = await session.transaction((tx) =>
        tx.query<{ job: string; state: string; taken_by: string }>(
          "select job, state, taken_by from jobs where queue_id = $1 order by id",
          [args.queue],
        ),
      );
      const queue = queueOf(args);
      const jobs = rows.map(({ job, state, taken_by }) => [job, [state, taken_by === "" ? null : taken_by]]);
      return {
        value: [["rs", queue, rows.map(({ job }) => job)]],
        data: { jobs: { [queue]: Object.fromEntries(jobs) as Record<string, [string, string | null]> } },
      };
    },
  };
}

function queueOf(args: PlannedOperation["args"]): string {
  return `queue/${Number(args.queue)}`;
}

function keyOf(args: PlannedOperation["args"], job: string): string {
  return `${queueOf(args)}/job/${job}`;
}

/** Every variant enqueues, and looks at rest, in the same way. */
function operations(work: OperationDefinition): Record<string, OperationDefinition> {
  return { enqueue: enqueue(), work, "read-at-rest": readAtRest() };
}
