import {
  Abort,
  defineWorkload,
  hotKeys,
  lostUpdateRules,
  neverUnlessDirty,
  retryOn,
  serverRefusals,
  type Completed,
  type Expectation,
  type OperationDefinition,
  type Transaction,
} from "isolab";

import {
  metadataKey,
  metadataOf,
  sampleMetadata,
  updatedByColumn,
  updateSeen,
  type Metadata,
} from "./model-registry/metadata.ts";
import { registrySchema } from "./model-registry/schema.ts";
import { modelOf, modelsOf } from "./model-registry/versions.ts";

const lost = ["lost-metadata-update", "lost-update"];

/** Tags that are read, added to in application code and written back by id are lost, where the server lets them. */
const losing: readonly Expectation[] = lostUpdateRules(lost);

/**
 * A version tells what a row holds, as long as nobody reads one that is taken back: InnoDB's READ UNCOMMITTED shows
 * it, and whoever comes next gives the same number to other tags.
 */
const optimistic: readonly Expectation[] = [...neverUnlessDirty(lost)];

/**
 * Metadata of a model's version: a JSON document of tags, which people read, add a tag of their own to, and write
 * back as a whole. Nobody removes a tag, so each that was confirmed must be there when everything has ended.
 *
 * The row is a register with a version column (`version_lock`), into which each update writes its attempt's id
 * (`updated_by`); the tag that it adds has that id for a name. `optimistic` is the lock that the column is
 * for. `optimistic-broken` is what several object-relational mappers make of it: the version is compared in
 * a SELECT, and the UPDATE then goes by id.
 */
export default defineWorkload({
  name: "metadata",
  summary: "add tags to a JSON document of a model's version: no confirmed tag may be lost",
  cannotReveal: "anomalies between two rows, and phantoms: a transaction touches one row",
  parameters: {
    models: { summary: "models whose metadata is updated at the same time", default: 2, min: 1, max: 100 },
    "updates-per-model": {
      summary: "updates planned for a model before a fresh one takes its place",
      default: 24,
      min: 1,
      max: 1_000,
    },
  },
  schema: (dialect) => [...registrySchema(dialect), updatedByColumn],
  setup: (_, plan) => sampleMetadata(plan),
  generator: (parameters) =>
    hotKeys({
      active: parameters.models ?? 1,
      uses: parameters["updates-per-model"] ?? 1,
      operation: (key) => ({ f: "update-metadata", args: { model: key + 1 } }),
    }),
  atRest: (plan) => modelsOf(plan).map((model) => ({ f: "read-at-rest", args: { model } })),
  checks: ["metadata"],
  contention: { low: { models: 50 }, high: { models: 1 } },
  variants: {
    naive: {
      summary: "read the tags, add one, write all of them back; nothing keeps two callers apart",
      operations: operations(readModifyWrite({ write: overwrite })),
      expect: losing,
    },
    optimistic: {
      summary:
        "write back only WHERE version_lock is the one that was read, and another attempt where it is not",
      operations: operations(readModifyWrite({ write: overwriteUnchanged })),
      retry: retryOn("stale-version", ...serverRefusals),
      expect: optimistic,
    },
    "optimistic-broken": {
      summary:
        "compare version_lock in a SELECT, then write back by id: the check and the act are two statements",
      operations: operations(readModifyWrite({ write: checkThenOverwrite })),
      retry: retryOn("stale-version", ...serverRefusals),
      expect: losing,
    },
    "for-update": {
      summary: "read the tags with SELECT … FOR UPDATE",
      operations: operations(readModifyWrite({ lock: "for update", write: overwrite })),
      retry: retryOn(...serverRefusals),
      expect: [{ never: lost }],
    },
    "atomic-json": {
      summary: "one UPDATE that changes the JSON in place (jsonb_set, JSON_SET), without reading first",
      operations: operations(setInPlace()),
      retry: retryOn(...serverRefusals),
      expect: [{ never: lost }],
    },
    "serializable-retry": {
      summary: "naive code at SERIALIZABLE, tried again when the server refuses to commit",
      levels: ["serializable"],
      operations: operations(readModifyWrite({ write: overwrite })),
      retry: retryOn(...serverRefusals),
      expect: [{ never: lost }],
    },
  },
});

/** How a variant reads the metadata, and how it writes the tags back. */
interface Update {
  /** The locking clause of the statement that reads. */
  readonly lock?: string;
  /** Answers the row's new version, or null where that is not known. */
  readonly write: (tx: Transaction, change: Change) => Promise<number | null>;
}

interface Change {
  readonly model: number;
  readonly seen: Metadata;
  readonly attempt: string;
  readonly think: () => Promise<void>;
}

function readModifyWrite({ lock, write }: Update): OperationDefinition {
  return {
    invoke: (args, attempt) => {
      const key = metadataKey(modelOf(args));
      return [
        ["r", key, null],
        ["w", key, [null, attempt]],
      ];
    },
    run: (session, args, attempt) =>
      session.transaction(async (tx): Promise<Completed> => {
        const model = modelOf(args);
        const seen = await metadataOf(tx, model, lock);
        await session.think();
        const version = await write(tx, { model, seen, attempt, think: () => session.think() });
        const key = metadataKey(model);
        return {
          value: [
            ["r", key, updateSeen(seen)],
            ["w", key, [version, attempt]],
          ],
          data: { tagged: { [key]: attempt }, read: { [key]: seen.version_lock } },
        };
      }),
  };
}

async function overwrite(tx: Transaction, { model, seen, attempt }: Change): Promise<null> {
  await tx.query(
    `update model_metadata set tags = $2, version_lock = version_lock + 1, updated_by = $3
     where model_version_id = $1`,
    [model, { ...seen.tags, [attempt]: "approved" }, attempt],
  );
  // Somebody may have come in between, so the row's version need not be the next.
  return null;
}

async function overwriteUnchanged(tx: Transaction, { model, seen, attempt }: Change): Promise<number> {
  const { affected } = await tx.query(
    `update model_metadata set tags = $2, version_lock = version_lock + 1, updated_by = $3
     where model_version_id = $1 and version_lock = $4`,
    [model, { ...seen.tags, [attempt]: "approved" }, attempt, seen.version_lock],
  );
  if (affected === 0) throw new Abort("stale-version");
  return seen.version_lock + 1;
}

async function checkThenOverwrite(tx: Transaction, change: Change): Promise<null> {
  const now = await metadataOf(tx, change.model);
  if (now.version_lock !== change.seen.version_lock) throw new Abort("stale-version");
  await change.think();
  return overwrite(tx, change);
}

/** Reads nothing, so nobody knows which version it made. */
function setInPlace(): OperationDefinition {
  const changed = {
    postgres: `jsonb_set(tags::jsonb, array[$2::text], '"approved"')::json`,
    mysql: `json_set(tags, concat('$."', $2, '"'), 'approved')`,
  };
  return {
    invoke: (args, attempt) => [["w", metadataKey(modelOf(args)), [null, attempt]]],
    run: async (session, args, attempt) => {
      const model = modelOf(args);
      await session.transaction(async (tx) => {
        await tx.query(
          `update model_metadata set tags = ${changed[session.dialect]}, version_lock = version_lock + 1,
             updated_by = $2
           where model_version_id = $1`,
          [model, attempt],
        );
        await session.think();
      });
      const key = metadataKey(model);
      return { value: [["w", key, [null, attempt]]], data: { tagged: { [key]: attempt } } };
    },
  };
}

/** The read of one row's tags after everything else has ended. */
function readAtRest(): OperationDefinition {
  return {
    invoke: (args) => [["r", metadataKey(modelOf(args)), null]],
    run: async (session, args) => {
      const model = modelOf(args);
      const seen = await session.transaction((tx) => metadataOf(tx, model));
      const key = metadataKey(model);
      return {
        value: [["r", key, updateSeen(seen)]],
        data: { tags: { [key]: Object.keys(seen.tags).sort() } },
      };
    },
  };
}

/** Every variant reads the tags at rest in the same way. */
function operations(update: OperationDefinition): Record<string, OperationDefinition> {
  return { "update-metadata": update, "read-at-rest": readAtRest() };
}
