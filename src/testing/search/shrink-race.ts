import { shrink } from "../../runner/shrink.ts";
import { guidedStrategy } from "../../scheduler/guided-strategy.ts";
import { namedInvariants } from "../invariants.ts";
import { sameFault, type RaceFault } from "../race-finding.ts";
import type { RaceOptions } from "../race-options.ts";
import { racePlan } from "./race-plan.ts";
import type { Rehearsal, Rehearsed } from "../execution/race-rehearsal.ts";
import { isSerial, type Searched } from "./race-search.ts";
import { SerialSubsets } from "./serial-subsets.ts";

/** What a finding is made small with. */
export interface ShrinkRaceOptions {
  readonly rehearsal: Rehearsal;
  readonly found: NonNullable<Searched["found"]>;
  readonly invariant: RaceOptions["invariant"];
  readonly seed: string;
  readonly judge: (rehearsed: Rehearsed) => Promise<RaceFault | undefined>;
  /** Aborted when no more time may be spent. */
  readonly stop: AbortSignal;
}

/** The smallest execution that shows the same. */
export async function shrinkRace({
  rehearsal,
  found,
  invariant,
  seed,
  judge,
  stop,
}: ShrinkRaceOptions): Promise<{ readonly fault: RaceFault; readonly rehearsed: Rehearsed }> {
  const looksAtEndings = namedInvariants(invariant).some(({ check }) => check.length > 1);
  const { rehearsed, fault } = found;
  const seen = new Map<unknown, { readonly fault: RaceFault; readonly rehearsed: Rehearsed }>();
  seen.set(rehearsed.performed, found);
  const subsets = new SerialSubsets(async (plan) => {
    const serial = await rehearsal.perform(plan, guidedStrategy([]), found.schedule);
    return serial.performed.stuck === undefined && (await judge(serial)) === undefined;
  });
  const all = racePlan(seed, rehearsed.functions);
  // Serial orders are compared with those of the same functions; an invariant may speak of all of them.
  const speaksOfAll = fault.kind === "invariant" && !isSerial(rehearsed.performed);
  const { performed } = await shrink({
    found: { plan: all, performed: rehearsed.performed },
    stop: stop,
    rehearse: async (plan, strategy) => {
      // An invariant that looks at how sessions ended needs all of them.
      const kept = plan.sessions.length;
      if (kept < all.sessions.length && looksAtEndings) return undefined;
      if (kept < all.sessions.length && speaksOfAll && !(await subsets.holds(plan))) return undefined;
      const again = await rehearsal.perform(plan, strategy, found.schedule);
      if (again.performed.interrupted || again.performed.stuck !== undefined) return undefined;
      const shown = await judge(again);
      if (shown === undefined || !sameFault(shown, fault)) return undefined;
      seen.set(again.performed, { fault: shown, rehearsed: again });
      return again.performed;
    },
    progress: () => undefined,
  });
  return seen.get(performed) ?? found;
}
