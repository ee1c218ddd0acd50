import {
  atLeast,
  below,
  defineWorkload,
  hotKeys,
  neverUnlessDirty,
  retryOn,
  serverRefusals,
  type Dialect,
  type Expectation,
  type Json,
  type Mop,
  type OperationDefinition,
  type PlannedOperation,
  type Session,
  type Transaction,
} from "isolab";

import {
  allModels,
  type Compared,
  type Latest,
  latestOf,
  lockModels,
  type Metric,
  modelsIn,
  placeholders,
  readOf,
  shown,
} from "./model-registry/comparing.ts";
import { registrySchema, sampleModels } from "./model-registry/schema.ts";
import { keyOf } from "./model-registry/versions.ts";

const skewed = ["unstable-comparison", "G-single-item"];

/** What holds of a comparison that shows one state, wherever a statement sees whole transactions only. */
const stable: readonly Expectation[] = [...neverUnlessDirty(skewed)];

/**
 * Comparing the models of a family: of each the latest version, and the average of each metric of that
 * version. Meanwhile the family is trained anew, which gives each of its models a next version, or
 * evaluated, which logs metrics for the latest version of each, both in one transaction. A comparison that
 * has one model before such a transaction and another one after it compares what never was at one time.
 *
 * The latest version of a model is a register: a training writes its attempt's id (`artifact_uri`) with the
 * next version number, which a unique key gives out once. Metrics are no part of the micro-operations: which
 * version an evaluation finds is not known before it begins.
 */
export default defineWorkload({
  name: "compare",
  summary: "compare the latest versions of several models, all as they were at one time",
  cannotReveal: "lost updates and write skew: those who change a family lock its models, in one order",
  parameters: {
    families: { summary: "families of models in use at the same time", default: 1, min: 1, max: 100 },
    models: { summary: "models of each family", default: 2, min: 2, max: 10 },
    "uses-per-family": {
      summary: "operations planned for a family before a fresh one takes its place",
      default: 16,
      min: 1,
      max: 1_000,
    },
    reads: {
      summary: "operations that compare, of all",
      default: 0.5,
      min: 0.1,
      max: 0.9,
      fractional: true,
    },
  },
  schema: (dialect) => [
    ...registrySchema(dialect),
    "create unique index model_versions_unique on model_versions (model_id, version)",
    "alter table experiments add column logged_by varchar(40) not null default ''",
  ],
  setup: (_, plan) => {
    const models = allModels(plan);
    const rows = models.map((model) => `(${model}, 1, 'pytorch', '')`);
    return [
      ...sampleModels(models),
      ...(rows.length === 0
        ? []
        : [
            `insert into model_versions (model_id, version, framework, artifact_uri) values ${rows.join(", ")}`,
          ]),
    ];
  },
  generator: ({ families = 1, models = 2, reads = 0, ...others }) =>
    hotKeys({
      active: families,
      uses: others["uses-per-family"] ?? 1,
      operation: (family, rng): PlannedOperation => {
        const args = { models: Array.from({ length: models }, (_, i) => family * models + i + 1) };
        if (rng.chance(reads)) return { f: "compare", args };
        if (rng.chance(0.5)) return { f: "train", args };
        return { f: "evaluate", args: { ...args, score: 50 + rng.int(50) } };
      },
    }),
  atRest: (plan) => allModels(plan).map((model) => ({ f: "read-at-rest", args: { models: [model] } })),
  checks: ["comparison"],
  contention: { low: { families: 50 }, high: { families: 1 } },
  variants: {
    naive: {
      summary: "for each model ask for its latest version and then for that one's metrics",
      operations: operations(statementByStatement),
      expect: [
        { at: below("repeatable-read"), must: skewed },
        { at: atLeast("repeatable-read"), never: skewed },
      ],
    },
    "one-statement": {
      summary: "one SELECT that joins the models, their latest versions and the metrics of those",
      operations: operations(inOneStatement),
      retry: retryOn("duplicate-key", ...serverRefusals),
      expect: stable,
    },
    snapshot: {
      summary:
        "naive code from REPEATABLE READ on, where all statements of one that only reads show one state",
      levels: atLeast("repeatable-read"),
      operations: operations(statementByStatement),
      retry: retryOn("duplicate-key", ...serverRefusals),
      expect: [{ never: skewed }],
    },
    "for-share": {
      summary: "first lock the models' rows, shared with others who compare",
      operations: operations(async (session, tx, models) => {
        await lockModels(tx, models, shared[session.dialect]);
        return statementByStatement(session, tx, models);
      }),
      retry: retryOn("duplicate-key", ...serverRefusals),
      // Those who change a family lock the same rows for themselves.
      expect: [{ never: skewed }],
    },
  },
});

/** MariaDB does not know FOR SHARE. */
const shared: Readonly<Record<Dialect, string>> = { postgres: "for share", mysql: "lock in share mode" };

type Compare = (session: Session, tx: Transaction, models: readonly number[]) => Promise<readonly Compared[]>;

async function statementByStatement(
  session: Session,
  tx: Transaction,
  models: readonly number[],
): Promise<readonly Compared[]> {
  const compared: Compared[] = [];
  for (const model of models) {
    const latest = await latestOf(tx, model);
    const { rows: metrics } = await tx.query<{ [column in keyof Metric]: Metric[column] }>(
      "select metric_name, metric_value, logged_by from experiments where model_version_id = $1 order by id",
      [latest.id],
    );
    compared.push({ model, latest, metrics });
    await session.think();
  }
  return compared;
}

async function inOneStatement(
  _: Session,
  tx: Transaction,
  models: readonly number[],
): Promise<readonly Compared[]> {
  const { rows } = await tx.query<JoinedRow>(
    `select v.model_id, v.version, v.artifact_uri, e.metric_name, e.metric_value, e.logged_by
     from model_versions v left join experiments e on e.model_version_id = v.id
     where v.model_id in (${placeholders(models)})
       and v.version = (select max(w.version) from model_versions w where w.model_id = v.model_id)
     order by v.model_id, e.id`,
    models,
  );
  return models.flatMap((model) => {
    const own = rows.filter(({ model_id }) => model_id === model);
    const [latest] = own;
    const metrics = own.filter((row): row is JoinedRow & Metric => row.logged_by !== null);
    return latest === undefined ? [] : [{ model, latest, metrics }];
  });
}

/** A version beside one of its metrics, or beside nothing. */
type JoinedRow = { model_id: number; version: number; artifact_uri: string } & {
  [column in keyof Metric]: Metric[column] | null;
};

function comparison(compare: Compare): OperationDefinition {
  return {
    invoke: (args) => modelsIn(args).map((model): Mop => ["r", keyOf(model), null]),
    run: (session, args) =>
      session.transaction(async (tx) => {
        const compared = await compare(session, tx, modelsIn(args));
        return {
          value: compared.map(({ model, latest }) => readOf(model, latest)),
          data: { compared: Object.fromEntries(compared.map((one) => [keyOf(one.model), shown(one)])) },
        };
      }),
  };
}

/** What a transaction does to each model of a family, which it holds locked; answers the version it made, or added to. */
type Apply = (tx: Transaction, change: Change) => Promise<number>;

interface Change {
  readonly model: number;
  readonly latest: Latest;
  readonly args: PlannedOperation["args"];
  readonly attempt: string;
}

function changing(
  apply: Apply,
  writes: (model: number, version: number | null, attempt: string) => Mop[],
): OperationDefinition {
  return {
    invoke: (args, attempt) =>
      modelsIn(args).flatMap((model) => [["r", keyOf(model), null], ...writes(model, null, attempt)]),
    run: (session, args, attempt) =>
      session.transaction(async (tx) => {
        const value: Mop[] = [];
        const changed: Record<string, Json> = {};
        await lockModels(tx, modelsIn(args), "for update");
        for (const model of modelsIn(args)) {
          const latest = await latestOf(tx, model);
          const version = await apply(tx, { model, latest, args, attempt });
          value.push(readOf(model, latest), ...writes(model, version, attempt));
          changed[keyOf(model)] = [version, attempt];
        }
        return { value, data: { changed } };
      }),
  };
}

/** Gives each model its next version. */
function train(): OperationDefinition {
  return changing(
    async (tx, { model, latest, attempt }) => {
      const version = latest.version + 1;
      await tx.query(
        "insert into model_versions (model_id, version, framework, artifact_uri) values ($1, $2, 'pytorch', $3)",
        [model, version, attempt],
      );
      return version;
    },
    (model, version, attempt) => [["w", keyOf(model), [version, attempt]]],
  );
}

/** Logs metrics for the latest version of each model. */
function evaluate(): OperationDefinition {
  return changing(
    async (tx, { latest, args, attempt }) => {
      await tx.query(
        `insert into experiments (model_version_id, metric_name, metric_value, logged_by)
         values ($1, 'accuracy', $2, $3), ($1, 'recall', $2, $3)`,
        [latest.id, Number(args.score), attempt],
      );
      return latest.version;
    },
    () => [],
  );
}

function operations(compare: Compare): Record<string, OperationDefinition> {
  return {
    compare: comparison(compare),
    train: train(),
    evaluate: evaluate(),
    "read-at-rest": comparison(statementByStatement),
  };
}
