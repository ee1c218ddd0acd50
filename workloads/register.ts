import {
  below,
  defineWorkload,
  hotKeys,
  retryOn,
  serverRefusals,
  type Completed,
  type Expectation,
  type OperationDefinition,
  type Session,
  type Transaction,
} from "isolab";

import { advisoryLock, rowLock, type Guard } from "./model-registry/guards.ts";
import { insertSelect } from "./model-registry/insert-select.ts";
import { retryInside } from "./model-registry/retry-inside.ts";
import { registrySchema, sampleModels } from "./model-registry/schema.ts";
import {
  insertVersion,
  keyOf,
  modelOf,
  modelsOf,
  nextVersion,
  readAtRest,
  uniqueVersions,
  versionsOf,
} from "./model-registry/versions.ts";

/** A lock taken before the versions are read keeps callers apart, unless the snapshot is older than the lock. */
const lockBeforeRead: readonly Expectation[] = [
  // The locking statement takes the snapshot before it waits, and a lock alone raises no error.
  { on: ["postgres"], at: ["repeatable-read"], must: ["duplicate-version"] },
  { on: ["postgres"], at: ["read-uncommitted", "read-committed"], never: ["duplicate-version"] },
  { on: ["mysql", "mariadb"], never: ["duplicate-version"] },
  { at: ["serializable"], never: ["duplicate-version"] },
];

/**
 * Registering a version of a model: the next version number is the highest so far plus one, and no
 * number of a model may ever be given out twice. Everybody computes it in application code; the
 * variants differ in what keeps two callers apart.
 *
 * A model's versions are a set of rows: a registration reads the set and adds an element of its
 * own, the attempt's id, which is stored in the row's `artifact_uri`.
 */
export default defineWorkload({
  name: "register",
  summary: "register model versions: max(version) + 1 must never be given out twice",
  cannotReveal: "lost updates and write cycles: rows are only ever inserted, never changed",
  parameters: {
    models: { summary: "models that are registered for at the same time", default: 3, min: 1, max: 100 },
    "versions-per-model": {
      summary: "registrations planned for a model before a fresh one takes its place",
      default: 32,
      min: 1,
      max: 1_000,
    },
  },
  schema: registrySchema,
  setup: (_, plan) => sampleModels(modelsOf(plan)),
  generator: (parameters) =>
    hotKeys({
      active: parameters.models ?? 1,
      uses: parameters["versions-per-model"] ?? 1,
      operation: (key) => ({ f: "register", args: { model: key + 1 } }),
    }),
  atRest: (plan) => modelsOf(plan).map((model) => ({ f: "read-at-rest", args: { model } })),
  checks: ["versions"],
  contention: { low: { models: 50 }, high: { models: 1 } },
  variants: {
    naive: {
      summary: "read the versions, insert the highest plus one; nothing keeps two callers apart",
      operations: operations(registration()),
      expect: [
        { at: below("serializable"), must: ["duplicate-version"] },
        { at: ["serializable"], never: ["duplicate-version"] },
      ],
    },
    unique: {
      summary: "a unique key on (model_id, version), and another attempt after a violation",
      schema: uniqueVersions,
      operations: operations(registration()),
      retry: retryOn("duplicate-key", ...serverRefusals),
      expect: [{ never: ["duplicate-version"] }],
    },
    "savepoint-retry": {
      summary:
        "a unique key, and after a violation back to a savepoint and another try in the same transaction",
      schema: uniqueVersions,
      operations: operations(retryInside({ savepoint: true })),
      // Who is out of tries gives up: to begin anew is what "unique" does, and hides what the tries were worth.
      retry: retryOn(...serverRefusals),
      expect: [
        { never: ["duplicate-version"] },
        // One snapshot per statement shows who took the number; one per transaction never will.
        { at: ["repeatable-read"], must: ["futile-retry"] },
        { at: [...below("repeatable-read"), "serializable"], never: ["futile-retry"] },
      ],
    },
    "poisoned-retry": {
      summary: "the same without a savepoint: PostgreSQL has aborted the transaction by then",
      schema: uniqueVersions,
      operations: operations(retryInside({ savepoint: false })),
      retry: retryOn(...serverRefusals),
      expect: [
        { never: ["duplicate-version"] },
        { on: ["postgres"], at: below("serializable"), must: ["futile-retry"] },
        // InnoDB undoes the statement only, so that all depends on the snapshot.
        { on: ["mysql", "mariadb"], at: ["repeatable-read"], must: ["futile-retry"] },
        { on: ["mysql", "mariadb"], at: below("repeatable-read"), never: ["futile-retry"] },
        // There the server refuses whoever read before another's insert, so that no number is found taken.
        { at: ["serializable"], never: ["futile-retry"] },
      ],
    },
    "for-update": {
      summary: "lock the model's row with SELECT … FOR UPDATE before reading its versions",
      operations: operations(registration(rowLock)),
      retry: retryOn(...serverRefusals),
      expect: lockBeforeRead,
    },
    "insert-select": {
      summary: "one INSERT … SELECT max(version) + 1: a single statement, and still a race",
      operations: operations(insertSelect()),
      retry: retryOn(...serverRefusals),
      expect: [
        {
          on: ["postgres"],
          at: below("serializable"),
          must: ["duplicate-version"],
        },
        // At READ COMMITTED InnoDB reads the source rows without locking them; above, it locks the gap.
        { on: ["mysql", "mariadb"], at: ["read-uncommitted", "read-committed"], must: ["duplicate-version"] },
        { on: ["mysql", "mariadb"], at: ["repeatable-read"], never: ["duplicate-version"] },
        { at: ["serializable"], never: ["duplicate-version"] },
      ],
    },
    "advisory-lock": {
      summary: "an advisory lock on the model, released after the commit",
      operations: operations(registration(advisoryLock)),
      retry: retryOn(...serverRefusals),
      expect: lockBeforeRead,
    },
    "serializable-retry": {
      summary: "naive code at SERIALIZABLE, tried again when the server refuses to commit",
      levels: ["serializable"],
      operations: operations(registration()),
      retry: retryOn(...serverRefusals),
      expect: [{ never: ["duplicate-version"] }],
    },
  },
});

function registration(guard?: Guard): OperationDefinition {
  return {
    invoke: (args, attempt) => {
      const key = keyOf(modelOf(args));
      return [
        ["rs", key, null],
        ["add", key, attempt],
      ];
    },
    run: async (session, args, attempt) => {
      const model = modelOf(args);
      const body = (tx: Transaction): Promise<Completed> => register(session, tx, model, attempt, guard);
      let completed: Completed;
      try {
        completed = await session.transaction(body);
      } catch (error) {
        await guard?.release?.(session, model).catch(() => undefined);
        throw error;
      }
      await guard?.release?.(session, model);
      return completed;
    },
  };
}

async function register(
  session: Session,
  tx: Transaction,
  model: number,
  attempt: string,
  guard: Guard | undefined,
): Promise<Completed> {
  await guard?.take(tx, model, session.dialect);
  const seen = await versionsOf(tx, model);
  await session.think();
  const version = nextVersion(seen);
  await insertVersion(tx, { model, version, attempt });
  const key = keyOf(model);
  return {
    value: [
      ["rs", key, seen.elements],
      ["add", key, attempt],
    ],
    data: { version, versions: { [key]: seen.versions } },
  };
}

/** Every variant reads the set at rest in the same way. */
function operations(register: OperationDefinition): Record<string, OperationDefinition> {
  return { register, "read-at-rest": readAtRest };
}
