import {
  atLeast,
  below,
  defineWorkload,
  hotKeys,
  neverUnlessDirty,
  retryOn,
  serverRefusals,
  type Expectation,
  type Mop,
  type OperationDefinition,
  type PlannedOperation,
  type Session,
  type Transaction,
} from "isolab";

import { registrySchema, sampleModels } from "./model-registry/schema.ts";
import { keyOf, modelOf, modelsOf } from "./model-registry/versions.ts";

/** What one evaluation of a model version measures. */
const metricNames = ["accuracy", "precision", "recall"];

const miscounted = ["missing-metric", "extra-metric"];

/** What holds of a batch that is one transaction, wherever a statement sees whole transactions only. */
const whole: readonly Expectation[] = [{ never: miscounted }, ...neverUnlessDirty(["fractured-batch"])];

/** InnoDB's READ UNCOMMITTED shows a batch while it is being logged. */
const dirtyReaders: Expectation = {
  on: ["mysql", "mariadb"],
  at: ["read-uncommitted"],
  must: ["fractured-batch"],
};

/**
 * Logging the metrics of one evaluation: they belong together, so whoever looks sees all of them or none;
 * and when everything has ended, every metric that was logged is there once.
 *
 * Each metric of a model is a set of rows, to which a batch adds its attempt's id (`logged_by`). Where a
 * batch is no transaction, only its first metric takes part: that one is committed by itself, and nothing
 * that the server promises holds the others to it.
 */
export default defineWorkload({
  name: "metrics",
  summary: "log a batch of metrics of a model version: a reader sees all of a batch or nothing of it",
  cannotReveal: "lost updates and write skew: metrics are only added, and nothing is decided by what is read",
  parameters: {
    models: { summary: "models whose metrics are logged at the same time", default: 1, min: 1, max: 100 },
    "uses-per-model": {
      summary: "operations planned for a model before a fresh one takes its place",
      default: 16,
      min: 1,
      max: 1_000,
    },
    reads: {
      summary: "operations that only look at the metrics, of all",
      default: 0.4,
      min: 0,
      max: 0.9,
      fractional: true,
    },
  },
  schema: (dialect) => [
    ...registrySchema(dialect),
    "alter table experiments add column logged_by varchar(40) not null default ''",
  ],
  setup: (_, plan) => [...sampleModels(modelsOf(plan)), ...firstVersions(modelsOf(plan))],
  generator: ({ models = 1, reads = 0, ...others }) =>
    hotKeys({
      active: models,
      uses: others["uses-per-model"] ?? 1,
      operation: (key, rng): PlannedOperation => ({
        f: rng.chance(reads) ? "read-metrics" : "log-metrics",
        args: { model: key + 1 },
      }),
    }),
  atRest: (plan) => modelsOf(plan).map((model) => ({ f: "read-at-rest", args: { model } })),
  checks: ["metrics"],
  contention: { low: { models: 50 }, high: { models: 1 } },
  variants: {
    autocommit: {
      summary: "an INSERT for each metric, and each of them commits by itself",
      operations: operations({
        graph: metricNames.slice(0, 1),
        log: (session, model, attempt) => logOneByOne(session, session, model, attempt),
      }),
      expect: [{ must: ["fractured-batch"], never: miscounted }],
    },
    "one-transaction": {
      summary: "an INSERT for each metric, all in one transaction",
      operations: operations({ log: inTransaction }),
      retry: retryOn(...serverRefusals),
      expect: [...whole, dirtyReaders],
    },
    "one-insert": {
      summary: "one INSERT of all metrics: a single statement is atomic by itself",
      operations: operations({
        log: (session, model, attempt) => insertMetrics(session, model, metricNames, attempt),
      }),
      retry: retryOn(...serverRefusals),
      expect: whole,
    },
    "two-statement-reader": {
      summary:
        "batches are one transaction each, but whoever looks asks for the first metric and then the rest",
      operations: operations({ log: inTransaction, look: inTwoStatements }),
      retry: retryOn(...serverRefusals),
      expect: [
        { never: miscounted },
        { at: below("repeatable-read"), must: ["fractured-batch", "G-single"] },
        // From here on all statements of one that only reads show the same state.
        { at: atLeast("repeatable-read"), never: ["fractured-batch", "G-single"] },
      ],
    },
  },
});

/** A metric as a reader saw it, and the attempt that logged it. */
interface SeenMetric {
  readonly metric_name: string;
  readonly logged_by: string;
}

interface Style {
  /** The metrics that the micro-operations speak of. */
  readonly graph?: readonly string[];
  readonly log: (session: Session, model: number, attempt: string) => Promise<void>;
  readonly look?: (session: Session, model: number) => Promise<readonly SeenMetric[]>;
}

function operations({ graph = metricNames, log, look = inOneStatement }: Style): Operations {
  return {
    "log-metrics": logging(graph, log),
    "read-metrics": looking(graph, look),
    "read-at-rest": looking(graph, inOneStatement),
  };
}

type Operations = Record<string, OperationDefinition>;

function logging(graph: readonly string[], log: Style["log"]): OperationDefinition {
  const adds = (model: number, attempt: string): readonly Mop[] =>
    graph.map((name) => ["add", metricKey(model, name), attempt]);
  return {
    invoke: (args, attempt) => adds(modelOf(args), attempt),
    run: async (session, args, attempt) => {
      const model = modelOf(args);
      await log(session, model, attempt);
      return { value: adds(model, attempt), data: { logged: { [keyOf(model)]: [attempt, metricNames] } } };
    },
  };
}

function looking(graph: readonly string[], look: NonNullable<Style["look"]>): OperationDefinition {
  return {
    invoke: (args) => graph.map((name) => ["rs", metricKey(modelOf(args), name), null]),
    run: async (session, args) => {
      const model = modelOf(args);
      const seen = await look(session, model);
      const pairs = seen.map(({ logged_by, metric_name }) => [logged_by, metric_name]);
      return {
        value: graph.map((name) => [
          "rs",
          metricKey(model, name),
          seen.filter(({ metric_name }) => metric_name === name).map(({ logged_by }) => logged_by),
        ]),
        data: { metrics: { [keyOf(model)]: pairs } },
      };
    },
  };
}

function inTransaction(session: Session, model: number, attempt: string): Promise<void> {
  return session.transaction((tx) => logOneByOne(session, tx, model, attempt));
}

async function logOneByOne(session: Session, on: Transaction, model: number, attempt: string): Promise<void> {
  for (const name of metricNames) {
    await insertMetrics(on, model, [name], attempt);
    await session.think();
  }
}

async function insertMetrics(
  on: Transaction,
  model: number,
  names: readonly string[],
  attempt: string,
): Promise<void> {
  const rows = names.map((name) => `($1, '${name}', 0.9, $2)`);
  await on.query(
    `insert into experiments (model_version_id, metric_name, metric_value, logged_by) values ${rows.join(", ")}`,
    [model, attempt],
  );
}

function inOneStatement(session: Session, model: number): Promise<readonly SeenMetric[]> {
  return session.transaction((tx) => metricsWhere(tx, model, "true"));
}

function inTwoStatements(session: Session, model: number): Promise<readonly SeenMetric[]> {
  return session.transaction(async (tx) => {
    const first = await metricsWhere(tx, model, "metric_name = 'accuracy'");
    await session.think();
    return [...first, ...(await metricsWhere(tx, model, "metric_name <> 'accuracy'"))];
  });
}

async function metricsWhere(
  tx: Transaction,
  model: number,
  condition: string,
): Promise<readonly SeenMetric[]> {
  const { rows } = await tx.query<{ [column in keyof SeenMetric]: SeenMetric[column] }>(
    `select metric_name, logged_by from experiments
     where model_version_id = $1 and ${condition} order by id`,
    [model],
  );
  return rows;
}

/** Version 1 of each model, with the id of the model. */
function firstVersions(models: readonly number[]): readonly string[] {
  if (models.length === 0) return [];
  const rows = models.map((model) => `(${model}, ${model}, 1, 'pytorch')`);
  return [`insert into model_versions (id, model_id, version, framework) values ${rows.join(", ")}`];
}

function metricKey(model: number, name: string): string {
  return `${keyOf(model)}/${name}`;
}
