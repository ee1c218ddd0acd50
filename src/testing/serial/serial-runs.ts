import type { Clock } from "../../clock/clock.ts";
import { errorText } from "../report/error-text.ts";
import { racesWithItself, tellUnlike, type UnlikeConduct, unlikeConduct } from "../search/conduct.ts";
import { advanceGenerators, type Advanced, generatorPositions, usedSince } from "./advance-generators.ts";
import type { Catalogue } from "./catalogue.ts";
import { wasDisturbed } from "./disturbed.ts";
import type { Ask, Outcome } from "./outcome.ts";
import { readState } from "./read-state.ts";
import { linksOf } from "./links.ts";
import { learn } from "./repeatability.ts";
import type { Sight } from "./same-tree.ts";
import { sameOutcome } from "./differences.ts";
import { generatedKeys, placedLeaves, type SerialRun, uuidsOf } from "./serial-run.ts";
import { type Camera, type Snapshot } from "./snapshot.ts";

/**
 * Makes the state that every execution begins with, awaits `prepare`, then runs the sessions of `order` one after
 * another, each to its end, and reads what they left.
 *
 * Whatever comes between (no connection, a set-up that fails) is a rejection, not an ending of a session.
 */
export type RunSerially = (order: readonly number[], prepare: () => Promise<void>) => Promise<Outcome>;

/** What serial runs are made with. */
export interface SerialRunsOptions {
  readonly run: RunSerially;
  readonly ask: Ask;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly camera: Camera;
  readonly sight: Sight;
  /** The time that everything is compared with. */
  readonly nowMs: number;
  /** What people call a session. */
  readonly nameOf: (session: number) => string;
}

/** Longer than the second that a time may be cut to. */
const anotherSecondMs = 1_050;

/** Runs serial orders, and keeps what came of them. The lens learns from every run after the first of an order. */
export class SerialRuns {
  readonly #options: SerialRunsOptions;
  readonly #runs = new Map<string, SerialRun[]>();
  /** Times far from now that were the same in another second. */
  readonly #constants = new Set<string>();
  readonly #problems = new Set<string>();
  readonly #unmoved = new Set<string>();
  #lastEndNanos = 0;

  constructor(options: SerialRunsOptions) {
    this.#options = options;
  }

  /** Sentences that say why serial runs prove nothing: they were disturbed, or another run of the same came out otherwise. */
  get problems(): readonly string[] {
    return [...this.#problems];
  }

  /** What hands out keys, was used, and could not be moved on: its keys were the same in every run. */
  get unmoved(): readonly string[] {
    return [...this.#unmoved];
  }

  /** Whether some order has been run more than once. */
  get calibrated(): boolean {
    return [...this.#runs.values()].some(({ length }) => length > 1);
  }

  /** What came of an order, the latest run last; runs it until it has been run so often. */
  async of(order: readonly number[], times: number): Promise<readonly SerialRun[]> {
    const id = order.join(" ");
    const runs = this.#runs.get(id) ?? [];
    this.#runs.set(id, runs);
    while (runs.length < times) {
      const [first] = runs;
      if (first !== undefined) await this.#untilAnotherSecond(first);
      const run = await this.#perform(order, first !== undefined);
      runs.push(run);
      this.#options.sight.lens.answered.learn(run, this.#options.sight.lens);
      if (first !== undefined) this.#learn(first, run);
    }
    return runs;
  }

  /** Runs an order and keeps nothing of it. */
  async warmUp(order: readonly number[]): Promise<void> {
    await this.#perform(order, false);
  }

  async #perform(order: readonly number[], withOtherKeys: boolean): Promise<SerialRun> {
    const { run, ask, catalogue, camera, clock, sight, nowMs } = this.#options;
    let prepared: (Advanced & { readonly setup: Snapshot }) | undefined;
    const outcome = await run(order, async () => {
      const generators = withOtherKeys
        ? await advanceGenerators(ask, catalogue)
        : { positions: await generatorPositions(ask, catalogue), unmoved: [] };
      prepared = { setup: camera.state(await readState(ask, catalogue), nowMs), ...generators };
    });
    this.#lastEndNanos = clock.nanos();
    if (prepared === undefined)
      throw new Error("a serial run awaits `prepare` between the set-up and the first session");
    for (const name of await usedSince(ask, prepared.unmoved)) this.#unmoved.add(name);
    for (const session of order) {
      const ending = outcome.sessions[session];
      if (ending === undefined)
        throw new Error(`a serial run of ${order.join(", ")} tells how session ${session} ended`);
      if (ending.type === "threw" && wasDisturbed(ending.error))
        this.#problems.add(
          `${this.#options.nameOf(session)}, run alone, threw what only others or a lost connection bring about (${errorText(ending.error)}): something else uses this database, or a transaction was left open.`,
        );
    }
    const members = outcome.sessions.map((ending, session) => (order.includes(session) ? ending : undefined));
    const left = camera.outcome({ ...outcome, sessions: members }, nowMs);
    sight.lens.afterSetup(generatedKeys(prepared.setup, catalogue));
    const { sent = [], several = new Set(), ordered = false } = outcome;
    const { setup, positions } = prepared;
    return { order, left, setup, positions, sent, several, ordered };
  }

  #learn(first: SerialRun, second: SerialRun): void {
    const { lens } = this.#options.sight;
    for (const of of ["setup", "left"] as const) {
      const known = uuidsOf(first[of]);
      lens.constant([...uuidsOf(second[of])].filter((uuid) => known.has(uuid)));
    }
    const before = this.#farTimes(first);
    for (const time of this.#farTimes(second)) if (before.has(time)) this.#constants.add(time);
    const unlike = [...this.#unlikeConduct(first, second), ...learn(first, second, this.#options.sight)];
    const races = second.order.find((session) => second.several.has(session));
    const isOwnRace = unlike.length > 0 && races !== undefined;
    for (const problem of isOwnRace ? [racesWithItself(this.#options.nameOf(races))] : unlike)
      this.#problems.add(problem);
    const [links, others] = [first, second].map(({ left }) =>
      linksOf(left, left, lens, lens.answered.within(left, lens)).join("\n"),
    );
    if (links !== others) lens.comparesLinks = false;
    if (!this.#sameOrder(first, second)) lens.comparesOrder = false;
  }

  /** Whether lists were in the same order twice, as far as they hold the same. */
  #sameOrder(first: SerialRun, second: SerialRun): boolean {
    if (!first.ordered || !second.ordered) return true;
    const sees = (ordered: boolean): boolean =>
      sameOutcome(first.left, second.left, { ...this.#options.sight, ordered });
    return !sees(false) || sees(true);
  }

  /** Who sent other statements, after the same answers. */
  #unlikeConduct(first: SerialRun, second: SerialRun): readonly string[] {
    return first.order.flatMap((session) => {
      const [once = [], again = []] = [first.sent[session], second.sent[session]];
      const unlike = unlikeConduct(once, again, false);
      return unlike === undefined ? [] : [notTheSame(this.#options.nameOf(session), unlike)];
    });
  }

  /** A time far from now may have been reckoned from now and cut to seconds: that shows in another second only. */
  async #untilAnotherSecond(first: SerialRun): Promise<void> {
    const { clock } = this.#options;
    const isFresh = [...this.#farTimes(first)].some((time) => !this.#constants.has(time));
    if (!isFresh) return;
    const leftMs = anotherSecondMs - (clock.nanos() - this.#lastEndNanos) / 1e6;
    if (leftMs > 0) await clock.sleep(leftMs);
  }

  #farTimes({ left }: SerialRun): ReadonlySet<string> {
    const trees = [
      ...[...left.tables].flatMap(([table, rows]) => rows.map((row) => [table, row] as const)),
      ...[...left.endings].map(([session, { tree }]) => [`${session}:result`, tree] as const),
    ];
    const times = new Set<string>();
    for (const [place, tree] of trees)
      for (const [where, leaf] of placedLeaves(tree, place, this.#options.sight.lens))
        if (leaf.kind === "time" && !leaf.isNear) times.add(`${where}=${leaf.text}`);
    return times;
  }
}

function notTheSame(name: string, unlike: UnlikeConduct): string {
  return (
    `The functions are not repeatable: ${name} sent ${tellUnlike(unlike)}, in the same serial order. ` +
    "What draws lots, looks at the time or keeps something from one run to the next must do the same each time; " +
    "or judge by an `invariant` alone, with `serializable: false`."
  );
}
