import { ScheduleDivergence } from "../../scheduler/schedule-divergence.ts";
import { racesWithItself, sentBy, tellUnlike, unlikeConduct } from "./conduct.ts";
import { inTime } from "../out-of-time.ts";
import { sameFault, type RaceFault } from "../race-finding.ts";
import { racePlan } from "./race-plan.ts";
import type { Rehearsal, Rehearsed } from "../execution/race-rehearsal.ts";
import { isSerial, movesOf } from "./race-search.ts";
import { turnsStrategy } from "./turns-strategy.ts";

/** What a finding is looked at once more with. */
export interface ConfirmOptions {
  readonly rehearsal: Rehearsal;
  readonly shown: { readonly fault: RaceFault; readonly rehearsed: Rehearsed };
  readonly seed: string;
  readonly judge: (rehearsed: Rehearsed) => Promise<RaceFault | undefined>;
  readonly goesOn: () => boolean;
}

/** So many times more is its schedule executed. */
const times = 2;

/**
 * Why an outcome that no serial order leads to proves nothing: it came of the functions, which do not do the same each
 * time, and not of their order. Undefined where there is no such reason. What broke an invariant is broken either way.
 *
 * A serial execution is itself a serial order. Any other one must show the same again, step by step the same; unless
 * the server had a say in its order.
 */
export async function unconfirmed(options: ConfirmOptions): Promise<string | undefined> {
  const { rehearsal, shown } = options;
  const { fault, rehearsed } = shown;
  if (fault.kind !== "not-serializable") return undefined;
  const why = await reasonOf(options);
  const [races] = rehearsed.functions.filter((_, session) => rehearsed.execution.several[session]);
  return why === undefined || races === undefined ? why : racesWithItself(rehearsal.nameOf(races));
}

async function reasonOf(options: ConfirmOptions): Promise<string | undefined> {
  const { rehearsal, shown, goesOn } = options;
  const { rehearsed } = shown;
  if (isSerial(rehearsed.performed)) {
    const names = [...new Set(rehearsed.functions.map((id) => rehearsal.nameOf(id)))].join(" and ");
    return unrepeatable(
      `the statements of ${names} went one function after another, and did not lead to what the same order led to before`,
    );
  }
  if (rehearsed.performed.schedule.steps.some(({ racy }) => racy === true)) return undefined;
  for (let i = 0; i < times && goesOn(); i++) {
    const why = await unlikeAgain(options);
    if (why !== undefined) return unrepeatable(why);
  }
  return undefined;
}

function unrepeatable(why: string): string {
  return (
    `The functions are not repeatable: ${why}. What draws lots, looks at the time or keeps something in memory must do ` +
    "the same each time; or judge by an `invariant` alone, with `serializable: false`."
  );
}

/** How the same schedule came out otherwise. */
async function unlikeAgain({ rehearsal, shown, seed, judge }: ConfirmOptions): Promise<string | undefined> {
  const { fault, rehearsed } = shown;
  const strategy = turnsStrategy(movesOf(rehearsed.performed));
  try {
    const again = await rehearsal.perform(racePlan(seed, rehearsed.functions), strategy, 0);
    if (again.performed.interrupted) return undefined;
    if (again.performed.stuck === undefined) {
      const judged = await inTime(judge(again).then((shows) => ({ shows })));
      if (judged === undefined) return undefined;
      const { shows } = judged;
      if (shows !== undefined && sameFault(shows, fault)) return undefined;
    }
    return (
      otherConduct(rehearsal, rehearsed, again) ?? "the same schedule, executed again, led to another outcome"
    );
  } catch (error) {
    if (!(error instanceof ScheduleDivergence)) throw error;
    return "the same schedule could not be executed again: other statements came";
  }
}

/** Which function sent something else. */
function otherConduct(rehearsal: Rehearsal, one: Rehearsed, other: Rehearsed): string | undefined {
  for (const [session, id] of one.functions.entries()) {
    const [once, again] = [one, other].map(({ execution }) => sentBy(execution.events, session));
    const unlike = unlikeConduct(once ?? [], again ?? [], true);
    if (unlike !== undefined)
      return `${rehearsal.nameOf(id)} sent ${tellUnlike(unlike)}, in the same schedule and after the same answers`;
  }
  return undefined;
}
