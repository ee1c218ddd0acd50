import { defaultSchedules } from "../race-parameters.ts";
import type { RaceOptions } from "../race-options.ts";
import type { RaceResult } from "../race-result.ts";

/** What a test is told that is green, but for which there was no time to look further; undefined where there was. */
export function cutShort(
  { valid, timedOut, complete, schedules }: RaceResult,
  { timeLimitMs, schedules: asked = defaultSchedules }: Pick<RaceOptions, "timeLimitMs" | "schedules">,
): string | undefined {
  if (valid !== true || !timedOut || complete === true || schedules >= asked) return undefined;
  const more = timeLimitMs === undefined ? "allow the test more time (its timeout)" : "raise `timeLimitMs`";
  const extent = schedules === 1 ? "1 schedule" : `${schedules} schedules`;
  return `isolab: no race found in ${extent}, and there was no time for more: ${more}, or say that so many are enough (\`schedules: ${schedules}\`).`;
}
