import {
  Abort,
  defineWorkload,
  hotKeys,
  neverUnlessDirty,
  retryOn,
  serverRefusals,
  type Completed,
  type Expectation,
  type Json,
  type OperationDefinition,
  type PlannedOperation,
  type Session,
  type Transaction,
} from "isolab";

import { registrySchema, sampleModels } from "./model-registry/schema.ts";
import {
  demote,
  promote,
  promotionColumns,
  type SeenStage,
  stagesOf,
  stagesShown,
} from "./model-registry/stages.ts";
import { keyOf, modelOf, modelsOf, type SeenVersions, versionsOf } from "./model-registry/versions.ts";

const broken = [
  ...["half-deployed", "outdated-in-production", "duplicate-version", "missing-version"],
  ...["several-in-production", "none-in-production"],
];

/** What holds of deployments that are one transaction each, wherever a statement sees whole transactions only. */
const whole: readonly Expectation[] = [
  ...neverUnlessDirty(broken),
  // InnoDB's READ UNCOMMITTED shows a deployment between its steps.
  { on: ["mysql", "mariadb"], at: ["read-uncommitted"], must: ["half-deployed"] },
];

/**
 * Deploying a model: register its next version, put that one into production in place of whichever is there,
 * try it, and describe it (`model_metadata`). The trial sends some of them back, as the plan says. A
 * deployment is one thing to everybody else: either all of its steps are there or none.
 *
 * Where each step is a transaction of its own, no isolation level makes one thing of them, because it ends
 * with the transaction (Warszawski and Bailis, "ACIDRain", SIGMOD 2017: scope-based anomalies).
 *
 * A model's versions are a set of rows, to which the first step adds the attempt's id (`artifact_uri`). The
 * operation counts as that step for the database; what comes of the others is the application's affair.
 */
export default defineWorkload({
  name: "deploy",
  summary: "register, promote and describe a model version: others see all of a deployment or nothing of it",
  cannotReveal: "whether a deployment that failed midway could be taken back by steps of its own",
  parameters: {
    models: { summary: "models that are deployed at the same time", default: 1, min: 1, max: 100 },
    "uses-per-model": {
      summary: "operations planned for a model before a fresh one takes its place",
      default: 8,
      min: 1,
      max: 1_000,
    },
    reads: {
      summary: "operations that only look at a model, of all",
      default: 0.3,
      min: 0,
      max: 0.9,
      fractional: true,
    },
    refused: {
      summary: "deployments that the trial sends back, of all",
      default: 0.2,
      min: 0,
      max: 1,
      fractional: true,
    },
  },
  schema: (dialect) => [
    ...registrySchema(dialect),
    ...promotionColumns,
    "create unique index model_versions_unique on model_versions (model_id, version)",
  ],
  setup: (_, plan) => sampleModels(modelsOf(plan)),
  generator: ({ models = 1, reads = 0, refused = 0, ...others }) =>
    hotKeys({
      active: models,
      uses: others["uses-per-model"] ?? 1,
      operation: (key, rng): PlannedOperation => {
        const args = { model: key + 1 };
        if (rng.chance(reads)) return { f: "read-model", args };
        return { f: "deploy", args: { ...args, trial: rng.chance(refused) ? "fails" : "passes" } };
      },
    }),
  atRest: (plan) => modelsOf(plan).map((model) => ({ f: "read-at-rest", args: { model } })),
  checks: ["deployments", "versions", "productions"],
  contention: { low: { models: 50 }, high: { models: 1 } },
  variants: {
    "step-by-step": {
      summary: "each step is a transaction of its own, and locks the model's row as long as it takes",
      operations: operations((session, model, deploy) =>
        deploy((step) =>
          session.transaction(async (tx) => {
            await lockModel(tx, model);
            return step(tx);
          }),
        ),
      ),
      expect: [{ must: ["half-deployed"] }],
    },
    "one-transaction": {
      summary: "all steps in one transaction, and another attempt where two took the same version",
      operations: operations((session, _, deploy) => session.transaction((tx) => deploy((step) => step(tx)))),
      retry: retryOn("duplicate-key", ...serverRefusals),
      expect: whole,
    },
    "one-transaction-locked": {
      summary: "the same, and the model's row is locked first, so that others wait instead of trying again",
      operations: operations((session, model, deploy) =>
        session.transaction(async (tx) => {
          await lockModel(tx, model);
          return deploy((step) => step(tx));
        }),
      ),
      retry: retryOn("duplicate-key", ...serverRefusals),
      expect: whole,
    },
  },
});

/** Carries out one step of a deployment. */
type InStep = <T>(step: (tx: Transaction) => Promise<T>) => Promise<T>;

/** What is one transaction of a deployment, and what locks. */
type Style = (
  session: Session,
  model: number,
  deploy: (inStep: InStep) => Promise<Completed>,
) => Promise<Completed>;

function deployment(style: Style): OperationDefinition {
  return {
    invoke: (args, attempt) => [
      ["rs", keyOf(modelOf(args)), null],
      ["add", keyOf(modelOf(args)), attempt],
    ],
    run: (session, args, attempt) =>
      style(session, modelOf(args), (inStep) => deploy(session, inStep, args, attempt)),
  };
}

async function deploy(
  session: Session,
  inStep: InStep,
  args: PlannedOperation["args"],
  attempt: string,
): Promise<Completed> {
  const model = modelOf(args);
  const key = keyOf(model);
  const { seen, version } = await inStep((tx) => register(tx, model, attempt));
  await session.think();
  await inStep((tx) => putIntoProduction(tx, model, { version, attempt }));
  await session.think();
  if (args.trial === "fails") throw new Abort("trial-failed");
  await inStep((tx) => describe(tx, model, version));
  return {
    value: [
      ["rs", key, seen.elements],
      ["add", key, attempt],
    ],
    data: { version, versions: { [key]: seen.versions }, promoted: { [key]: [version, attempt] } },
  };
}

async function lockModel(tx: Transaction, model: number): Promise<void> {
  await tx.query("select id from models where id = $1 for update", [model]);
}

async function register(
  tx: Transaction,
  model: number,
  attempt: string,
): Promise<{ readonly seen: SeenVersions; readonly version: number }> {
  const seen = await versionsOf(tx, model);
  const version = Math.max(0, ...seen.versions) + 1;
  await tx.query(
    "insert into model_versions (model_id, version, framework, artifact_uri) values ($1, $2, 'pytorch', $3)",
    [model, version, attempt],
  );
  return { seen, version };
}

async function putIntoProduction(
  tx: Transaction,
  model: number,
  target: { readonly version: number; readonly attempt: string },
): Promise<void> {
  const seen = await stagesOf(tx, model);
  for (const { id, stage, version } of seen)
    if (stage === "production" && version !== target.version) await demote(tx, id);
  for (const { id, version } of seen) if (version === target.version) await promote(tx, id, target.attempt);
}

async function describe(tx: Transaction, model: number, version: number): Promise<void> {
  await tx.query(
    `insert into model_metadata (model_version_id, tags, parameters)
     select id, '["deployed"]', '{}' from model_versions where model_id = $1 and version = $2`,
    [model, version],
  );
}

/** A version of a model, and whether it is described. */
interface SeenDeployment extends SeenStage {
  /** The deployment that registered it. */
  readonly artifact_uri: string;
  readonly described: boolean | number;
}

/** Looks at a whole model in one statement. */
function readModel(): OperationDefinition {
  return {
    invoke: (args) => [["rs", keyOf(modelOf(args)), null]],
    run: async (session, args) => {
      const model = modelOf(args);
      const { rows: seen } = await session.transaction((tx) =>
        tx.query<{ [column in keyof SeenDeployment]: SeenDeployment[column] }>(
          `select v.id, version, stage, promoted_by, promotions, artifact_uri, m.model_version_id is not null as described
         from model_versions v left join model_metadata m on m.model_version_id = v.id
         where model_id = $1 order by v.id`,
          [model],
        ),
      );
      const key = keyOf(model);
      return {
        value: [["rs", key, seen.map(({ artifact_uri }) => artifact_uri)]],
        data: {
          versions: { [key]: seen.map(({ version }) => version) },
          stages: stagesShown(model, seen),
          deployments: { [key]: seen.map(shown) },
        },
      };
    },
  };
}

/** For the check: the deployment, its version, and which of its steps are there. */
function shown({ artifact_uri, version, stage, promotions, described }: SeenDeployment): Json {
  return [artifact_uri, { version, stage, promoted: promotions > 0, described: Boolean(described) }];
}

function operations(style: Style): Record<string, OperationDefinition> {
  return { deploy: deployment(style), "read-model": readModel(), "read-at-rest": readModel() };
}
