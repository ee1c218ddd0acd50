import { loadSide } from "../clients/open-database.ts";
import type { Side } from "../clients/side.ts";
import type { Target } from "../clients/target.ts";
import type { Clock } from "../clock/clock.ts";

/** A target as it is: without a namespace of ours, settings, a level or a proxy. */
export function sideOf(target: Target, clock: Clock): Promise<Side> {
  return loadSide({
    target,
    namespace: "isolab",
    settings: {},
    isolation: undefined,
    connectTimeoutMs: 10_000,
    through: undefined,
    answerTimeoutMs: undefined,
    clock,
  });
}
