import type { Rng } from "../random/rng.ts";
import type { Move } from "./move.ts";
import { scheduleStream } from "./random-strategy.ts";
import type { Choice, Strategy } from "./strategy.ts";

/** A fault that can be a step of a schedule. */
export interface StepFault {
  /** As in `--nemesis`. */
  readonly name: string;
  /** The move that puts it into a schedule. */
  readonly fault: string;
  /** Which sessions it can hit; `commit`: those that are ready, and would COMMIT. */
  readonly hits: "ready" | "blocked" | "any" | "commit";
  /** It strikes only sessions that come through the proxy. */
  readonly proxied?: true;
}

/** Every fault that can be a step. */
export const stepFaults: readonly StepFault[] = [
  { name: "kill-connection", fault: "kill-connection", hits: "any" },
  { name: "cancel-statement", fault: "cancel-statement", hits: "blocked" },
  { name: "lock-timeout", fault: "arm-lock-timeout", hits: "ready" },
  { name: "lose-commit-request", fault: "lose-commit-request", hits: "commit", proxied: true },
  { name: "lose-commit-reply", fault: "lose-commit-reply", hits: "commit", proxied: true },
];

/** Whether a fault needs sessions that come through the proxy, by its name or that of its move. */
export function strikesThroughProxy(fault: string): boolean {
  return stepFaults.some(
    (known) => known.proxied === true && (known.name === fault || known.fault === fault),
  );
}

/**
 * Another strategy's schedules with faults among their steps, which come from a stream of their own: taking
 * them out does not change what the strategy draws.
 *
 * @param rate how likely a step is a fault, where there is a session that it can hit
 */
export function withFaults(
  strategy: Strategy,
  {
    seed,
    faults,
    rate,
  }: { readonly seed: string; readonly faults: readonly StepFault[]; readonly rate: number },
): Strategy {
  let rng: Rng = scheduleStream(seed, 0, "nemesis");
  return {
    name: strategy.name,
    begin: (schedule, sessions) => {
      rng = scheduleStream(seed, schedule, "nemesis");
      strategy.begin(schedule, sessions);
    },
    pick: (choice) =>
      (rng.chance(rate) ? drawFault(choice, faults, rng) : undefined) ?? strategy.pick(choice),
    end: () => strategy.end(),
  };
}

function drawFault(choice: Choice, faults: readonly StepFault[], rng: Rng): Move | undefined {
  const possible = faults.flatMap(({ fault, hits }) =>
    sessionsHit(choice, hits).map((session): Move => ({ kind: "fault", fault, session })),
  );
  return possible.length === 0 ? undefined : rng.pick(possible);
}

function sessionsHit({ ready, blocked }: Choice, hits: StepFault["hits"]): readonly number[] {
  const waiting = ready.map(({ session }) => session);
  switch (hits) {
    case "ready":
      return waiting;
    case "blocked":
      return blocked;
    case "any":
      return [...waiting, ...blocked];
    case "commit":
      return ready.filter(({ kind }) => kind === "commit").map(({ session }) => session);
  }
}
