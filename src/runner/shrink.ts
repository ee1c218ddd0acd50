import type { Plan } from "../generators/plan.ts";
import { exhaustiveStrategy } from "../scheduler/exhaustive-strategy.ts";
import { guidedStrategy, turnsOf } from "../scheduler/guided-strategy.ts";
import { granted } from "../scheduler/move.ts";
import { ScheduleDivergence } from "../scheduler/schedule-divergence.ts";
import type { Schedule } from "../scheduler/schedule.ts";
import type { Strategy } from "../scheduler/strategy.ts";
import type { Performed } from "./interleaved/stage.ts";
import { idsOf, inOrder, keepOnly, sizeOf, withLessToDo } from "./shrink-plan.ts";

/** Something that shows what was found. */
export interface Showing {
  readonly plan: Plan;
  readonly performed: Performed;
}

/** What shrinking needs. */
export interface ShrinkRequest {
  readonly found: Showing;
  /** Executes a plan on the server, and answers what came of it if it still shows what was found. */
  readonly rehearse: (plan: Plan, strategy: Strategy) => Promise<Performed | undefined>;
  /** Told after each execution. */
  readonly progress: (executions: number, best: Showing) => void;
  readonly stop: AbortSignal;
}

/** The smallest that was found. */
export interface Shrunk extends Showing {
  readonly executions: number;
  readonly transactions: number;
  readonly statements: number;
  /** How many times another session went on than the one before. */
  readonly switches: number;
}

/** A plan is small enough to look for the anomaly in all its schedules when it has so many operations. */
const searchable = 3;

/** A schedule that is easy to follow has no more; looking for one with more costs much and finds little. */
const mostPreemptions = 3;

/** How many schedules of a small plan are executed before it counts as one that does not show it. */
const searchLimit = 150;

/**
 * Makes a finding small: fewest transactions, then fewest statements, then fewest context switches. Each
 * candidate is executed; nothing is assumed to show what it was not seen to show. Transactions are left out
 * by halves, quarters and so on (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input",
 * TSE 2002), the others in the order in which they were; where that no longer shows it and few are left, all
 * their schedules with few preemptions are tried. In the end the session that begins is the first one, and so
 * on. Deterministic where executions are.
 */
export async function shrink(request: ShrinkRequest): Promise<Shrunk> {
  const shrinking = new Shrinking(request);
  await shrinking.fewestTransactions();
  // With less to do in one transaction another one may not be needed any more.
  while (await shrinking.fewestStatements()) await shrinking.leaveOut(1);
  await shrinking.fewestSwitches();
  await shrinking.orderOfAppearance();
  const { plan, performed } = shrinking.best;
  return { plan, performed, executions: shrinking.executions, ...sizes(plan, performed.schedule) };
}

/** How large a finding is. */
export function sizes(
  plan: Plan,
  { steps }: Schedule,
): Pick<Shrunk, "transactions" | "statements" | "switches"> {
  const kinds = steps.flatMap(({ points }) => points.map(({ kind }) => kind));
  return {
    transactions: sizeOf(plan),
    statements: kinds.filter((kind) => kind === "query").length,
    switches: switchesOf(steps.flatMap(({ move }) => granted(move))),
  };
}

function switchesOf(sessions: readonly number[]): number {
  return sessions.filter((session, i) => i > 0 && sessions[i - 1] !== session).length;
}

/** Fewer switches, and where there are as many, fewer steps with a session that waits for another. */
function isSmoother(one: Schedule, other: Schedule): boolean {
  const a = roughness(one);
  const b = roughness(other);
  return a.switches < b.switches || (a.switches === b.switches && a.waits < b.waits);
}

function roughness({ steps }: Schedule): { readonly switches: number; readonly waits: number } {
  return {
    switches: switchesOf(steps.flatMap(({ move }) => granted(move))),
    waits: steps.filter(({ blocked }) => blocked.length > 0).length,
  };
}

class Shrinking {
  best: Showing;
  executions = 0;
  readonly #request: ShrinkRequest;
  /** Plans whose schedules were searched without seeing it. */
  readonly #searched = new Set<string>();

  constructor(request: ShrinkRequest) {
    this.#request = request;
    this.best = request.found;
  }

  async fewestTransactions(): Promise<void> {
    for (let chunk = Math.ceil(sizeOf(this.best.plan) / 2); chunk >= 1; chunk = Math.floor(chunk / 2)) {
      await this.leaveOut(chunk);
    }
  }

  /** So many transactions less at a time, until none of these chunks can be left out any more. */
  async leaveOut(chunk: number): Promise<void> {
    for (let fewer = true; fewer;) {
      fewer = false;
      // The last ones first: what came after the anomaly is the least likely to matter.
      for (let end = sizeOf(this.best.plan); end > 0; end -= chunk) {
        const ids = idsOf(this.best.plan);
        const kept = ids.filter((_, i) => i < end - chunk || i >= end);
        if (kept.length > 0 && (await this.#try(keepOnly(this.best.plan, new Set(kept))))) fewer = true;
      }
    }
  }

  /** Answers whether there is less to do now. */
  async fewestStatements(): Promise<boolean> {
    const before = this.best.plan;
    for (let smaller = true; smaller;) {
      smaller = false;
      for (const plan of withLessToDo(this.best.plan)) {
        if (!(await this.#try(plan))) continue;
        smaller = true;
        break;
      }
    }
    return this.best.plan !== before;
  }

  async fewestSwitches(): Promise<void> {
    const { plan } = this.best;
    const switches = (): number => sizes(plan, this.best.performed.schedule).switches;
    for (let preemptions = 0; preemptions < Math.min(switches(), mostPreemptions + 1); preemptions++) {
      const found = await this.#smoothest(plan, preemptions);
      if (found === undefined) continue;
      if (isSmoother(found.schedule, this.best.performed.schedule)) this.best = { plan, performed: found };
      return;
    }
  }

  /** Numbers the sessions in the order in which they begin. */
  async orderOfAppearance(): Promise<void> {
    const { plan, performed } = this.best;
    const order = [...new Set(performed.schedule.steps.flatMap(({ move }) => granted(move)))];
    if (order.length < plan.sessions.length || order.every((session, i) => session === i)) return;
    const renumbered = inOrder(plan, order);
    const again = await this.#rehearse(renumbered, guidedStrategy(turnsOf(performed.schedule, "operation")));
    if (again === undefined || isSmoother(performed.schedule, again.schedule)) return;
    this.best = { plan: renumbered, performed: again };
  }

  /** Whether a plan shows it; if it does, it is the best so far. */
  async #try(plan: Plan): Promise<boolean> {
    const key = JSON.stringify(plan.sessions);
    if (this.#searched.has(key)) return false;
    const { schedule } = this.best.performed;
    let performed = await this.#rehearse(plan, guidedStrategy(turnsOf(schedule, "operation")));
    for (
      let preemptions = 0;
      performed === undefined && preemptions <= 2 && sizeOf(plan) <= searchable;
      preemptions++
    )
      performed = await this.#search(plan, preemptions);
    if (performed === undefined) {
      if (sizeOf(plan) <= searchable) this.#searched.add(key);
      return false;
    }
    this.best = { plan, performed };
    return true;
  }

  /** The first schedule with at most so many preemptions that shows it. */
  async #search(plan: Plan, preemptions: number): Promise<Performed | undefined> {
    for await (const performed of this.#showing(plan, preemptions)) return performed;
    return undefined;
  }

  /** The one that is easiest to follow of the schedules with at most so many preemptions that show it. */
  async #smoothest(plan: Plan, preemptions: number): Promise<Performed | undefined> {
    let best: Performed | undefined;
    for await (const performed of this.#showing(plan, preemptions))
      if (best === undefined || isSmoother(performed.schedule, best.schedule)) best = performed;
    return best;
  }

  /** What shows it among the schedules with at most so many preemptions, in the order of the search. */
  async *#showing(plan: Plan, preemptions: number): AsyncGenerator<Performed> {
    const strategy = exhaustiveStrategy({ isolation: "serializable", preemptions, prune: false });
    for (let schedule = 0; schedule < searchLimit; schedule++) {
      let performed: Performed | undefined;
      let more: boolean;
      try {
        performed = await this.#rehearse(plan, strategy);
        more = !this.#request.stop.aborted && strategy.end();
      } catch (error) {
        // Where the server has the last word on the order, a search ends where it does not repeat itself.
        if (error instanceof ScheduleDivergence) return;
        throw error;
      }
      if (performed !== undefined) yield performed;
      if (!more) return;
    }
  }

  async #rehearse(plan: Plan, strategy: Strategy): Promise<Performed | undefined> {
    if (this.#request.stop.aborted) return undefined;
    const performed = await this.#request.rehearse(plan, strategy);
    this.executions++;
    this.#request.progress(this.executions, this.best);
    return performed;
  }
}
