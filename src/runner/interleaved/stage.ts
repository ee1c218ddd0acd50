import type { Catalog } from "../../clients/catalog.ts";
import type { Connection, Database } from "../../clients/database.ts";
import { DatabaseError, EnvironmentError } from "../../clients/database-error.ts";
import type { OwnServer, Watcher } from "../../clients/watcher.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Plan } from "../../generators/plan.ts";
import type { Proxy } from "../../nemesis/proxy/proxy.ts";
import type { Recorder } from "../../history/recorder.ts";
import { scheduleFormat, type Schedule } from "../../scheduler/schedule.ts";
import type { Strategy } from "../../scheduler/strategy.ts";
import type { Trace, TraceEvent } from "../../scheduler/trace.ts";
import { readAll } from "../at-rest.ts";
import { connected } from "../connected.ts";
import { stream } from "../../random/rng.ts";
import type { RunConfig } from "../run-config.ts";
import type { RunContext, Tally } from "../run-context.ts";
import { prepare, schemaOf, setupOf } from "../run-parts.ts";
import { executeInterleaved } from "./execution.ts";
import type { StepCounter } from "./interleaved-execution.ts";

/** One schedule to be executed. */
export interface Performance {
  readonly plan: Plan;
  readonly strategy: Strategy;
  /** Number of the schedule in an exploration, from 0. */
  readonly schedule: number;
  readonly recorder: Recorder;
  readonly stop: AbortSignal;
  readonly progress: (tally: Tally) => void;
}

/** What came of it. */
export interface Performed {
  readonly schedule: Schedule;
  readonly trace: Trace;
  /** Ended by `stop`, before the reads at rest. */
  readonly interrupted: boolean;
  /** Why the plan was not carried out to its end, if nobody had asked for that. */
  readonly stuck: string | undefined;
}

/**
 * Where schedules are executed one after another: the tables of one workload on one server, emptied before
 * each schedule, and sessions that stay open in between.
 */
export interface Stage {
  readonly watcher: Pick<Watcher, "order">;
  /** @throws EnvironmentError when the server is lost; RecorderError; WorkloadError */
  perform(performance: Performance): Promise<Performed>;
  close(): Promise<void>;
}

/**
 * Makes the workload's tables.
 *
 * @param own the server if it is ours: then waiting sessions are kept in order, and the same schedule gives the
 * same history; otherwise steps in which the server chooses are flagged
 * @param proxy the one that the database's sessions come through, for faults that need one
 */
export async function openStage(
  config: RunConfig,
  database: Database,
  own: OwnServer,
  clock: Clock,
  proxy: Proxy | null = null,
): Promise<Stage> {
  await prepare(config, database, schemaOf(config, database));
  const catalog = await database.catalog();
  await database.steady(catalog.tables.map(({ name }) => name));
  return new OpenStage(config, database, catalog, await database.watch(own), clock, proxy);
}

class OpenStage implements Stage {
  readonly watcher: Watcher;
  readonly #config: RunConfig;
  readonly #database: Database;
  readonly #catalog: Catalog;
  readonly #clock: Clock;
  readonly #proxy: Proxy | null;
  #connections: readonly (Connection | undefined)[] = [];
  #reader: Connection | undefined;

  constructor(
    config: RunConfig,
    database: Database,
    catalog: Catalog,
    watcher: Watcher,
    clock: Clock,
    proxy: Proxy | null,
  ) {
    this.#config = config;
    this.#database = database;
    this.#catalog = catalog;
    this.watcher = watcher;
    this.#clock = clock;
    this.#proxy = proxy;
  }

  async perform(performance: Performance): Promise<Performed> {
    try {
      return await this.#perform(performance);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      throw new EnvironmentError(`the server was lost: ${error.message}`, { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.watcher.close();
    await Promise.all(
      [...this.#connections, this.#reader].flatMap((connection) => connection?.close() ?? []),
    );
  }

  async #perform({ plan, strategy, schedule, recorder, stop, progress }: Performance): Promise<Performed> {
    const setup = setupOf(this.#config, this.#database, plan);
    await this.#database.empty(this.#catalog.tables.map(({ name }) => name));
    await prepare(this.#config, this.#database, setup);
    await this.watcher.holdVersions();
    const counter: StepCounter = { step: 0 };
    const events: TraceEvent[] = [];
    const context = this.#context(plan.seed, counter, recorder, progress);
    const { watcher } = this;
    const executed = await executeInterleaved(context, counter, {
      plan,
      strategy,
      schedule,
      watcher,
      catalog: this.#catalog,
      clock: this.#clock,
      proxy: this.#proxy,
      stop,
      inherited: this.#connections,
      trace: (event) => events.push(event),
    });
    this.#connections = executed.connections;
    const interrupted = stop.aborted;
    const rest = interrupted || executed.stuck !== undefined ? [] : await this.#readAtRest(context, executed);
    const { isolation } = this.#config;
    return {
      schedule: {
        isolab: scheduleFormat,
        seed: plan.seed,
        strategy: strategy.name,
        schedule,
        steps: executed.steps,
      },
      trace: {
        database: this.#database.description,
        isolation,
        sessions: plan.sessions.length,
        schema: schemaOf(this.#config, this.#database),
        setup,
        events,
        rest,
      },
      interrupted,
      stuck: executed.stuck,
    };
  }

  /** What was begun, read by a session that took no part. */
  async #readAtRest(
    context: RunContext,
    { started, nextProcess }: Awaited<ReturnType<typeof executeInterleaved>>,
  ): Promise<Trace["rest"]> {
    const rng = stream(context.seed, "retry/rest");
    const never = new AbortController().signal;
    const clock = this.#clock;
    this.#reader = await connected({ ...context, clock }, this.#reader, rng, never);
    const answers: Trace["rest"][number][] = [];
    const listening = listened(this.#reader, (answer) => answers.push(answer));
    await readAll(context, this.#config.workload.atRest(started), nextProcess, listening);
    return answers;
  }

  /** The clock of the history counts steps. */
  #context(
    seed: string,
    counter: StepCounter,
    recorder: Recorder,
    progress: (tally: Tally) => void,
  ): RunContext {
    const { isolation, variant } = this.#config;
    const clock = this.#clock;
    return {
      seed,
      isolation,
      database: this.#database,
      recorder,
      clock: {
        nanos: () => counter.step,
        sleep: (ms, signal) => clock.sleep(ms, signal),
        every: (ms, callback) => clock.every(ms, callback),
        date: () => clock.date(),
      },
      operations: variant.operations,
      retry: variant.retry,
      thinkMs: 0,
      faults: undefined,
      means: { server: null, proxy: null },
      progress,
    };
  }
}

/** The same connection, telling what each query answered. */
function listened(connection: Connection, tell: (answer: Trace["rest"][number]) => void): Connection {
  return {
    sessionId: connection.sessionId,
    get localPort() {
      return connection.localPort;
    },
    get usable() {
      return connection.usable;
    },
    begin: (isolation) => connection.begin(isolation),
    beginWith: (isolation, sql, params) => connection.beginWith(isolation, sql, params),
    query: async (sql, params = []) => {
      const result = await connection.query(sql, params);
      tell({ sql, params, rows: result.rows });
      return result as never;
    },
    commit: () => connection.commit(),
    rollback: () => connection.rollback(),
    close: () => connection.close(),
  };
}
