import {
  atLeast,
  below,
  defineWorkload,
  hotKeys,
  neverUnlessDirty,
  retryOn,
  serverRefusals,
  type Completed,
  type Expectation,
  type OperationDefinition,
  type PlannedOperation,
  type Session,
  type Transaction,
} from "isolab";

import { registrySchema, sampleModels } from "./model-registry/schema.ts";
import {
  demote,
  oneInProduction,
  promote,
  promotedKey,
  promotedReads,
  promotionColumns,
  readStages,
  sampleStages,
  stagesOf,
  stagesShown,
} from "./model-registry/stages.ts";
import { keyOf, modelOf, modelsOf } from "./model-registry/versions.ts";

/** InnoDB's READ UNCOMMITTED shows a promotion between its two steps, whatever the writers lock. */
const dirtyReaders: Expectation = {
  on: ["mysql", "mariadb"],
  at: ["read-uncommitted"],
  must: ["none-in-production"],
};

/**
 * Promoting a version of a model: whichever version is in production goes back to staging, and the
 * target takes its place. At no time may two versions of a model be in production, nor none once one was.
 *
 * Who last promoted a version is a register with a version column, the number of its promotions. A
 * promotion reads the registers of all versions in one statement and replaces the target's.
 */
export default defineWorkload({
  name: "promote",
  summary: "promote a model version: exactly one version of a model is in production",
  cannotReveal: "phantoms: versions are neither added nor removed while the promotions run",
  parameters: {
    models: { summary: "models that are promoted at the same time", default: 1, min: 1, max: 100 },
    versions: { summary: "versions of each model", default: 4, min: 2, max: 50 },
    "uses-per-model": {
      summary: "operations planned for a model before a fresh one takes its place",
      default: 8,
      min: 1,
      max: 1_000,
    },
    preset: {
      summary:
        "1: the first version of each model starts in production; 0: none, which leaves write skew to itself",
      default: 0,
      min: 0,
      max: 1,
    },
    reads: {
      summary: "operations that only look which version is in production, of all",
      default: 0.3,
      min: 0,
      max: 0.9,
      fractional: true,
    },
  },
  schema: (dialect) => [...registrySchema(dialect), ...promotionColumns],
  setup: (_, plan) => [...sampleModels(modelsOf(plan)), ...sampleStages(plan)],
  generator: ({ models = 1, versions = 2, preset = 0, reads = 0, ...others }) =>
    hotKeys({
      active: models,
      uses: others["uses-per-model"] ?? 1,
      operation: (key, rng): PlannedOperation => {
        const args = { model: key + 1, versions, preset };
        if (rng.chance(reads)) return { f: "read-production", args };
        return { f: "promote", args: { ...args, version: 1 + rng.int(versions) } };
      },
    }),
  atRest: (plan) =>
    modelsOf(plan).map((model) => ({
      f: "read-at-rest",
      args: { model, versions: Number(plan[0]?.args.versions) },
    })),
  checks: ["productions"],
  contention: { low: { models: 50 }, high: { models: 1 } },
  variants: {
    naive: {
      summary: "read the versions, demote the one in production, promote the target; nothing is locked",
      operations: operations(promotion()),
      expect: [
        // Two that both found none in production change different rows, so a snapshot finds no conflict.
        {
          at: below("serializable"),
          must: ["several-in-production"],
        },
        { at: ["serializable"], never: ["several-in-production"] },
        ...neverUnlessDirty(["none-in-production"]),
        dirtyReaders,
      ],
    },
    "for-update": {
      summary: "lock all versions of the model with SELECT … FOR UPDATE while reading them",
      operations: operations(promotion({ lock: "for update" })),
      retry: retryOn(...serverRefusals),
      expect: [
        ...neverUnlessDirty(["several-in-production", "none-in-production"]),
        { never: ["lost-update"] },
        dirtyReaders,
      ],
    },
    "unique-index": {
      summary:
        "a unique key that admits one version in production per model, and another attempt after a violation",
      schema: oneInProduction,
      operations: operations(promotion()),
      retry: retryOn("duplicate-key", ...serverRefusals),
      expect: neverUnlessDirty(["several-in-production", "none-in-production"]),
    },
    "lock-model": {
      summary: "lock the model's row with SELECT … FOR UPDATE before reading its versions",
      operations: operations(
        promotion({
          before: async (tx, model) => {
            await tx.query("select id from models where id = $1 for update", [model]);
          },
        }),
      ),
      retry: retryOn(...serverRefusals),
      expect: [
        // The locking statement takes the snapshot before it waits, and a lock alone raises no error.
        { on: ["postgres"], at: ["repeatable-read"], must: ["several-in-production"] },
        {
          on: ["postgres"],
          at: ["read-uncommitted", "read-committed", "serializable"],
          never: ["several-in-production", "lost-update"],
        },
        {
          on: ["mysql", "mariadb"],
          at: atLeast("read-committed"),
          never: ["several-in-production", "lost-update"],
        },
        ...neverUnlessDirty(["none-in-production"]),
        dirtyReaders,
      ],
    },
    "serializable-retry": {
      summary: "naive code at SERIALIZABLE, tried again when the server refuses to commit",
      levels: ["serializable"],
      operations: operations(promotion()),
      retry: retryOn(...serverRefusals),
      expect: [{ never: ["several-in-production", "none-in-production", "lost-update"] }],
    },
  },
});

/** What keeps two promotions of one model apart. */
interface Guard {
  readonly before?: (tx: Transaction, model: number) => Promise<void>;
  /** The locking clause of the statement that reads the versions. */
  readonly lock?: string;
}

function promotion(guard: Guard = {}): OperationDefinition {
  return {
    invoke: (args, attempt) => [
      ...readStages.invoke(args, attempt),
      ["w", promotedKey(modelOf(args), targetOf(args)), [null, attempt]],
    ],
    run: (session, args, attempt) =>
      session.transaction((tx) => promoteTarget(session, tx, args, { ...guard, attempt })),
  };
}

async function promoteTarget(
  session: Session,
  tx: Transaction,
  args: PlannedOperation["args"],
  { attempt, before, lock }: Guard & { readonly attempt: string },
): Promise<Completed> {
  const model = modelOf(args);
  const target = targetOf(args);
  await before?.(tx, model);
  const seen = await stagesOf(tx, model, lock);
  await session.think();
  const inProduction = seen.filter(({ version, stage }) => stage === "production" && version !== target);
  for (const { id } of inProduction) await demote(tx, id);
  if (inProduction.length > 0) await session.think();
  for (const { id } of seen.filter(({ version }) => version === target)) await promote(tx, id, attempt);
  return {
    value: [...promotedReads(model, seen), ["w", promotedKey(model, target), [null, attempt]]],
    data: { promoted: { [keyOf(model)]: [target, attempt] }, stages: stagesShown(model, seen) },
  };
}

function targetOf(args: PlannedOperation["args"]): number {
  return Number(args.version);
}

/** Every variant looks at a model in the same way. */
function operations(promote: OperationDefinition): Record<string, OperationDefinition> {
  return { promote, "read-production": readStages, "read-at-rest": readStages };
}
