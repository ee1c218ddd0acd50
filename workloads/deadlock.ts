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
  type RetryPolicy,
  type Session,
  type Transaction,
} from "isolab";

import { registrySchema, sampleModels } from "./model-registry/schema.ts";

/** What a model's quota is in the beginning: more than all moves of a project can take away. */
const begin = 10_000;

/** Why a caller gives up that found a row locked, where the server just leaves the row out. */
const lockedRow = "locked-row";

/** Whoever waits with others for the same rows is sooner or later the one who gets them, also after a timeout. */
const patient: RetryPolicy = { ...retryOn("lock-timeout", ...serverRefusals), attempts: 100 };

/** Whatever becomes of the callers: what was committed is there, and nothing else. */
const conserved: Expectation = { never: ["changed-total", "lost-move", "lost-update"] };

/**
 * Moving quota from one model of a project to another. Both models are locked before they are changed; two
 * callers who lock the same two in opposite order wait for each other, and the server ends one of them with an
 * error. Its work is gone unless somebody tries again (PostgreSQL manual, 13.3.4: deadlocks).
 *
 * A model's row is a register with a version column (`revision`), into which each move writes its attempt's
 * id beside the new quota. A move reads two registers, each under a lock, and replaces both.
 */
export default defineWorkload({
  name: "deadlock",
  summary: "move quota between two models: nobody's work is lost because two lock them in opposite order",
  cannotReveal: "deadlocks by locks that nobody asked for: of indexes, gaps and foreign keys",
  parameters: {
    projects: { summary: "projects in which quota is moved at the same time", default: 2, min: 1, max: 100 },
    models: { summary: "models of each project", default: 2, min: 2, max: 20 },
    "moves-per-project": {
      summary: "moves planned for a project before a fresh one takes its place",
      default: 24,
      min: 1,
      max: 1_000,
    },
  },
  schema: (dialect) => [
    ...registrySchema(dialect),
    `alter table models add column quota int not null default ${begin}`,
    "alter table models add column revision int not null default 0",
    "alter table models add column changed_by varchar(40) not null default ''",
  ],
  setup: (_, plan) => sampleModels(projectsOf(plan).flatMap((project) => modelsOf(project, plan))),
  generator: ({ projects = 1, models = 2, ...others }) =>
    hotKeys({
      active: projects,
      uses: others["moves-per-project"] ?? 1,
      operation: (key, rng): PlannedOperation => {
        const from = rng.int(models);
        const to = (from + 1 + rng.int(models - 1)) % models;
        const first = key * models + 1;
        const args = { project: key + 1, models, from: first + from, to: first + to };
        return { f: "move", args: { ...args, amount: 1 + rng.int(9) } };
      },
    }),
  atRest: (plan) =>
    projectsOf(plan).map((project) => ({
      f: "read-at-rest",
      args: { project, ids: modelsOf(project, plan) },
    })),
  checks: ["deadlocks", "quotas"],
  contention: { low: { projects: 50 }, high: { projects: 1 } },
  variants: {
    unordered: {
      summary: "lock the giver, then the taker, in two statements; a deadlock is the caller's bad luck",
      operations: operations(lockEach(({ from, to }) => [from, to])),
      expect: [{ must: ["lost-work"] }, conserved],
    },
    ordered: {
      summary: "lock the two in ascending order of their ids: whoever waits is waited for by nobody",
      operations: operations(lockEach(({ from, to }) => (from < to ? [from, to] : [to, from]))),
      // Not for deadlocks: PostgreSQL's snapshots refuse a row that was changed while it was waited for.
      retry: patient,
      expect: [{ never: ["lost-work"] }, conserved],
    },
    retry: {
      summary: "lock as it comes; the whole transaction tried again after a deadlock, later each time",
      operations: operations(lockEach(({ from, to }) => [from, to])),
      retry: patient,
      expect: [{ never: ["lost-work"] }, conserved],
    },
    nowait: {
      summary: "lock as it comes with FOR UPDATE NOWAIT; tried again after a refusal, twenty times at most",
      operations: operations(lockEach(({ from, to }) => [from, to], "nowait")),
      // MariaDB refuses with the error of a wait that took too long.
      retry: { ...retryOn("lock-not-available", "lock-timeout", ...serverRefusals), attempts: 20 },
      // Nobody waits in line, so nothing says that twenty times are enough.
      expect: [conserved],
    },
    "skip-locked": {
      summary:
        "FOR UPDATE SKIP LOCKED: a locked model is not there, so the caller gives up; for queues, where any row will do, and not for these two",
      operations: operations(lockEach(({ from, to }) => [from, to], "skip locked")),
      expect: [{ must: ["lost-work"] }, conserved],
    },
  },
});

/** One move as it was planned. */
interface Move {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

/** A model as a transaction read it. */
interface Model {
  readonly quota: number;
  readonly revision: number;
  /** The attempt that last changed it; empty where nobody has. */
  readonly changed_by: string;
}

/** Locks two models, one after the other, and answers the giver and the taker. */
type Lock = (session: Session, tx: Transaction, move: Move) => Promise<readonly [Model, Model]>;

/** @param waiting what `FOR UPDATE` does about a row that is locked: `nowait`, `skip locked`, or wait */
function lockEach(order: (move: Move) => readonly [number, number], waiting = ""): Lock {
  return async (session, tx, move) => {
    const [first, second] = order(move);
    const one = await lockModel(tx, first, waiting);
    await session.think();
    const other = await lockModel(tx, second, waiting);
    return first === move.from ? [one, other] : [other, one];
  };
}

async function lockModel(tx: Transaction, id: number, waiting: string): Promise<Model> {
  const { rows } = await tx.query<{ [column in keyof Model]: Model[column] }>(
    `select quota, revision, changed_by from models where id = $1 for update ${waiting}`,
    [id],
  );
  const [model] = rows;
  if (model === undefined) throw new Abort(lockedRow);
  return model;
}

function moveQuota(lock: Lock): OperationDefinition {
  return {
    invoke: (args, attempt) => {
      const { from, to } = moveOf(args);
      return [
        ["r", keyOf(from), null],
        ["r", keyOf(to), null],
        ["w", keyOf(from), [null, attempt]],
        ["w", keyOf(to), [null, attempt]],
      ];
    },
    run: (session, args, attempt) =>
      session.transaction(async (tx): Promise<Completed> => {
        const move = moveOf(args);
        const { from, to, amount } = move;
        const [giver, taker] = await lock(session, tx, move);
        await setQuota(tx, from, { quota: giver.quota - amount, attempt });
        await setQuota(tx, to, { quota: taker.quota + amount, attempt });
        return {
          value: [
            ["r", keyOf(from), versionOf(giver)],
            ["r", keyOf(to), versionOf(taker)],
            ["w", keyOf(from), [null, attempt]],
            ["w", keyOf(to), [null, attempt]],
          ],
          data: { moved: { [keyOf(from)]: -amount, [keyOf(to)]: amount } },
        };
      }),
  };
}

async function setQuota(
  tx: Transaction,
  id: number,
  { quota, attempt }: { readonly quota: number; readonly attempt: string },
): Promise<void> {
  await tx.query("update models set quota = $2, revision = revision + 1, changed_by = $3 where id = $1", [
    id,
    quota,
    attempt,
  ]);
}

/** The read of all models of a project after everything else has ended. */
function readAtRest(): OperationDefinition {
  return {
    invoke: (args) => idsOf(args).map((id) => ["r", keyOf(id), null]),
    run: async (session, args) => {
      const ids = idsOf(args);
      const { rows } = await session.transaction((tx) =>
        tx.query<{ [column in keyof Model]: Model[column] } & { id: number }>(
          "select id, quota, revision, changed_by from models where id between $1 and $2 order by id",
          [ids[0], ids.at(-1)],
        ),
      );
      const quotas = Object.fromEntries(rows.map(({ id, quota }) => [keyOf(id), [begin, quota]]));
      return {
        value: rows.map((row) => ["r", keyOf(row.id), versionOf(row)]),
        data: { quotas: { [`project/${Number(args.project)}`]: quotas } },
      };
    },
  };
}

function versionOf({ revision, changed_by }: Model): readonly [number, string] | null {
  return revision === 0 ? null : [revision, changed_by];
}

function moveOf({ from, to, amount }: PlannedOperation["args"]): Move {
  return { from: Number(from), to: Number(to), amount: Number(amount) };
}

function keyOf(model: number): string {
  return `model/${model}`;
}

function projectsOf(plan: readonly PlannedOperation[]): readonly number[] {
  return [...new Set(plan.map(({ args }) => Number(args.project)))].sort((a, b) => a - b);
}

/** Ids of the models of a project. */
function modelsOf(project: number, [first]: readonly PlannedOperation[]): readonly number[] {
  const models = Number(first?.args.models);
  return Array.from({ length: models }, (_, i) => (project - 1) * models + i + 1);
}

function idsOf({ ids }: PlannedOperation["args"]): readonly number[] {
  return Array.isArray(ids) ? ids.map(Number) : [];
}

/** Every variant is read at rest in the same way. */
function operations(lock: Lock): Record<string, OperationDefinition> {
  return { move: moveQuota(lock), "read-at-rest": readAtRest() };
}
