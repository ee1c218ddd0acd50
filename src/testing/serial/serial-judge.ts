import type { Clock } from "../../clock/clock.ts";
import { uncomparedBesides, uncomparedWrites } from "./not-compared.ts";
import { OutOfTime } from "../out-of-time.ts";
import type { RaceFault } from "../race-finding.ts";
import { sentBy, type SentStatement } from "../search/conduct.ts";
import { aroundLocks, goesAroundLocks } from "../execution/around-locks.ts";
import type { RaceExecution } from "../execution/race-execution.ts";
import { storedAroundLocks } from "../execution/stored-around-locks.ts";
import type { LookedIn, Rehearsal, Rehearsed } from "../execution/race-rehearsal.ts";
import type { RaceStage } from "../race-stage.ts";
import type { Catalogue } from "./catalogue.ts";
import { readBodies } from "./answered-bodies.ts";
import { describeState } from "./describe-state.ts";
import { withMade } from "./made-tables.ts";
import { gathersRows, ordersLists } from "./orders-lists.ts";
import { type Ask, GivenUp, type Outcome, type SentStatements, type State } from "./outcome.ts";
import { KnownPlaces, type NamingText } from "./places.ts";
import { readState } from "./read-state.ts";
import { uncomparedAnswers } from "./uncompared-answers.ts";
import type { Ending } from "../execution/user-session.ts";
import { RaceMisuse } from "../race-misuse.ts";
import { errorText } from "../report/error-text.ts";
import { showTree } from "./show-tree.ts";
import { valueTree } from "./value-tree.ts";
import { refuseUnknownPlaces } from "../refuse-unknown-places.ts";
import { serialOracle, type SerialOracle } from "./serial-oracle.ts";

/** What a serial judge is given. */
export interface SerialJudgeOptions {
  readonly stage: RaceStage;
  /** Runs the code as it is, whatever is changed about it in what is judged. */
  readonly rehearsal: Rehearsal;
  readonly ignore: readonly string[];
  /** See `RaceOptions`. */
  readonly gaveUp?: ((answer: unknown) => boolean) | undefined;
  readonly clock: Clock;
}

/** Judges executions of one mix of functions by the serial orders of the same functions. */
export class SerialJudge {
  /** Why some execution could not be judged. */
  readonly doubts = new Set<string>();
  /** What was not compared and need not matter. */
  readonly caveats = new Set<string>();
  /** Parts of answers that could not be compared. */
  readonly uncompared = new Set<string>();
  readonly #options: SerialJudgeOptions;
  readonly #ask: Ask;
  #known: KnownPlaces | undefined;
  #places: ReadonlySet<string> = new Set();
  #leadsAroundLocks: (sql: string) => boolean = () => false;
  /** Nothing that is stored in the database makes lists of rows. */
  #storedOrders = false;
  readonly #looked = new Set<string>();
  #catalogue: Catalogue | undefined;
  #oracle: SerialOracle | undefined;

  constructor(options: SerialJudgeOptions) {
    this.#options = options;
    this.#ask = async (sql, params) => (await options.stage.query(sql, params)).rows;
  }

  /** To be called once before the first execution that is judged. */
  async prepare(): Promise<void> {
    const { rehearsal, stage, ignore, clock } = this.#options;
    const sent = await this.#runOnce();
    this.#leadsAroundLocks = await storedAroundLocks(this.#ask, stage.dialect);
    this.#known = await KnownPlaces.ask(this.#ask, stage.dialect);
    const { path, moves, visited } = rehearsal.lookedIn;
    this.#places = this.#known.namedBy(
      [...sent, ...moves.map((sql) => ({ sql }))],
      [...path, ...this.#known.among(visited)],
    );
    this.#storedOrders = this.#known.viewsOf(this.#places)?.some(gathersRows) === false;
    const places = { schemas: [...this.#places], home: path[0] };
    const left = await describeState(this.#ask, stage.dialect, places);
    await rehearsal.setUp();
    const made = await describeState(this.#ask, stage.dialect, places);
    this.#catalogue = withMade(made, left);
    refuseUnknownPlaces(ignore, this.#catalogue);
    this.#oracle = serialOracle({
      sessions: rehearsal.all.length,
      names: rehearsal.all.map((id) => rehearsal.nameOf(id)),
      run: (order, prepare) => this.#runSerially(order, prepare),
      ask: this.#ask,
      catalogue: this.#catalogue,
      clock,
      ignore,
      warm: true,
    });
    await this.#oracle.rehearse();
    if (this.#catalogue.tables.length === 0) this.doubts.add(noTables);
  }

  /** Runs the functions one after another. @returns what they have sent */
  async #runOnce(): Promise<SentStatements> {
    const { rehearsal } = this.#options;
    await rehearsal.setUp();
    const sent: SentStatement[] = [];
    for (const id of rehearsal.all) sent.push(...(await rehearsal.performAlone(id)).sent);
    return sent;
  }

  /** What is in the tables now; to be asked before and after an execution. */
  async state(): Promise<State> {
    if (this.#catalogue === undefined) throw new Error("the judge was not prepared");
    return readState(this.#ask, this.#catalogue);
  }

  /** Takes what can only be waited for of the answers of an execution; to be awaited before anybody else is given them. */
  async takeAnswers({ endings }: RaceExecution): Promise<void> {
    for (const ending of endings)
      if (ending?.type === "returned") await readBodies(ending.value, this.#options.clock);
  }

  /** Leaves the database in the state of a serial order. @throws OutOfTime */
  async judge(
    { functions, execution, lookedIn }: Rehearsed,
    state: State,
    setup?: State,
  ): Promise<RaceFault | undefined> {
    this.#looksAt(execution.events, lookedIn);
    this.#notes(execution.events, state);
    const sessions: Outcome["sessions"][number][] = this.#options.rehearsal.all.map(() => undefined);
    for (const [session, ending] of execution.endings.entries())
      sessions[functions[session] ?? session] = this.#asGivenUp(ending);
    for (const why of this.#uncomparedIn(sessions)) this.uncompared.add(why);
    const sent = execution.endings.map((_, session) => sentBy(execution.events, session));
    const ordered = this.#ordersLists(sent) && !execution.several.includes(true);
    const outcome = { sessions, state, ordered, ...(setup === undefined ? {} : { setup }) };
    const verdict = await this.#oracle?.judge(outcome);
    if (verdict?.cause instanceof OutOfTime) throw verdict.cause;
    if (verdict?.serializable === "unknown") this.doubts.add(verdict.why);
    if (verdict?.serializable !== false) return undefined;
    if (goesAroundLocks(execution, this.#leadsAroundLocks)) {
      this.doubts.add(aroundLocks);
      return undefined;
    }
    return { kind: "not-serializable", name: "not serializable", error: undefined, message: verdict.why };
  }

  /** Takes note of what is in no comparison. */
  #notes(events: RaceExecution["events"], state: State): void {
    const { ignore, clock } = this.#options;
    if (this.#catalogue === undefined) return;
    const sent = [...new Set(events.flatMap((event) => (event.type === "sent" ? [event.sql] : [])))];
    const stored = this.#known?.codeOf(this.#places) ?? [];
    const options = {
      catalogue: this.#catalogue,
      state,
      sent,
      stored,
      ignore,
      nowMs: clock.date().getTime(),
    };
    for (const why of uncomparedWrites(options)) this.doubts.add(why);
    for (const why of uncomparedBesides(options)) this.caveats.add(why);
  }

  #uncomparedIn(endings: Outcome["sessions"]): readonly string[] {
    const { rehearsal, ignore, clock } = this.#options;
    const nameOf = (session: number): string => rehearsal.nameOf(session);
    return uncomparedAnswers({ endings, nameOf, ignore, nowMs: clock.date().getTime() });
  }

  #ordersLists(sent: readonly SentStatements[]): boolean {
    return this.#storedOrders && sent.every(ordersLists);
  }

  /** Statements that came by in no serial order may name what is not compared. */
  #looksAt(events: RaceExecution["events"], { moves, visited }: LookedIn): void {
    const texts: NamingText[] = moves.map((sql) => ({ sql }));
    for (const event of events) if (event.type === "sent") texts.push(event);
    const fresh = texts.filter(({ sql }) => !this.#looked.has(sql));
    for (const { sql } of fresh) this.#looked.add(sql);
    for (const place of this.#known?.namedBy(fresh, this.#known.among(visited)) ?? [])
      if (!this.#places.has(place)) this.doubts.add(notCompared(place));
  }

  /** Who says that it has given up counts as who throws. */
  #asGivenUp(ending: Ending | undefined): Ending | undefined {
    if (ending?.type !== "returned" || !this.#saysGivenUp(ending.value)) return ending;
    return { type: "threw", error: new GivenUp(), committed: ending.committed };
  }

  #saysGivenUp(answer: unknown): boolean {
    try {
      return this.#options.gaveUp?.(answer) === true;
    } catch (cause) {
      const shown = showTree(valueTree(answer, this.#options.clock.date().getTime()));
      throw new RaceMisuse(
        `\`gaveUp\` threw when it was asked of the answer ${shown} (${errorText(cause)}): it must answer whatever a function answers, undefined too, as (answer) => answer?.status === 409.`,
        { cause },
      );
    }
  }

  async #runSerially(order: readonly number[], prepare: () => Promise<void>): Promise<Outcome> {
    const { rehearsal } = this.#options;
    await rehearsal.setUp();
    await prepare();
    const sessions: Outcome["sessions"][number][] = rehearsal.all.map(() => undefined);
    const sent: SentStatements[] = rehearsal.all.map(() => []);
    const several = new Set<number>();
    for (const id of order) {
      const alone = await rehearsal.performAlone(id);
      if (alone.ending.type === "returned") await readBodies(alone.ending.value, this.#options.clock);
      sessions[id] = alone.ending;
      sent[id] = alone.sent;
      if (alone.several) several.add(id);
    }
    const ordered = this.#ordersLists(sent) && several.size === 0;
    return { sessions, state: await this.state(), sent, several, ordered };
  }
}

const noTables =
  "There are no tables where they were looked for, so only what the functions returned was compared: give the race's URL the database, or the search path, in which they are.";

function notCompared(place: string): string {
  return (
    `What is in ${place} was not compared: no function named it when the functions ran one after another. ` +
    "Judge by an `invariant` as well, or give the pool of the test a search path (the URL a database) in which its tables are."
  );
}
