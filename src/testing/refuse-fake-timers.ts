import { fakedTimer } from "../clock/faked-timer.ts";
import { RaceMisuse } from "./race-misuse.ts";

/** With fake timers no statement would ever come back. @throws RaceMisuse */
export function refuseFakeTimers(): void {
  const name = fakedTimer();
  if (name !== undefined)
    throw new RaceMisuse(
      `${name} is a fake here, and with fake timers no statement comes back: use real ones while a race is held (jest.useRealTimers(), vi.useRealTimers()), or fake Date alone.`,
    );
}
