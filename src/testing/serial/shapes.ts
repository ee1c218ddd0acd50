/** What texts and numbers look like: times, identifiers that were drawn at random, decimal numbers. */

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const dateAndTime =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;
const datesAndTimes =
  /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?\s?(?:Z|[+-]\d\d(?::?\d\d)?)?)?/gi;
const timesOrPlaceholders = new RegExp(`<time>|${datesAndTimes.source}`, "gi");
const timeOfDay = /^(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:\s?(?:Z|[+-]\d\d(?::?\d\d)?))?$/i;
const written = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .*\d\d:\d\d:\d\d/;
const decimal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const token = /^[\w$./+=:-]{16,}$/;
const hourMs = 3_600_000;

/** Times this near to now are taken for times at which something happened. */
const nearMs = 48 * hourMs;

/** Before 2001-09-09, numbers of seconds had less than ten digits, as anything else that is counted: a clock that says so was set by a test. */
const plausibleMs = 1e12;

/** A time that a text or a number may be. */
export interface TimeShape {
  /** Milliseconds since 1970, taken for UTC where no zone is given; a time of day without a date is that of the first day. */
  readonly atMs: number;
  readonly isNear: boolean;
}

export function isUuid(text: string): boolean {
  return uuid.test(text);
}

export function isDecimal(text: string): boolean {
  return decimal.test(text);
}

/** May have been drawn at random, or be a hash: sixteen characters or more, no space, digits or both cases in it. */
export function isToken(text: string): boolean {
  return token.test(text) && (/\d/.test(text) || (/[a-z]/.test(text) && /[A-Z]/.test(text)));
}

/** The time that a text says; undefined when it is no time. */
export function timeOfText(text: string, nowMs: number): TimeShape | undefined {
  const ofDay = timeOfDay.exec(text);
  if (ofDay !== null) {
    const [, hours, minutes, seconds = 0] = ofDay;
    return {
      atMs: Number(hours) * hourMs + Number(minutes) * 60_000 + Number(seconds) * 1_000,
      isNear: false,
    };
  }
  const atMs = written.test(text) ? Date.parse(text) : parse(text);
  return atMs === undefined || Number.isNaN(atMs) ? undefined : { atMs, isNear: isNear(atMs, nowMs) };
}

/**
 * Whether a number is a time near to now, in seconds, milliseconds, microseconds or nanoseconds since 1970. None is where
 * now itself is before 2001-09-09: the small numbers that would be are what functions count.
 */
export function isNearEpoch(value: number, nowMs: number): boolean {
  return nowMs >= plausibleMs && [1e3, 1, 1e-3, 1e-6].some((unitMs) => isNear(value * unitMs, nowMs));
}

/** The same text, with placeholders for identifiers drawn at random and for times near to now. */
export function withoutPassing(text: string, nowMs: number): string {
  return text.replaceAll(uuids, "<uuid>").replaceAll(datesAndTimes, (found) => {
    const atMs = parse(found);
    return atMs !== undefined && isNear(atMs, nowMs) ? "<time>" : found;
  });
}

/** The times in a text, those near to now, for which there are placeholders, undefined; and the text around them. */
export function timesIn(text: string): {
  readonly around: string;
  readonly timesMs: readonly (number | undefined)[];
} {
  const timesMs: (number | undefined)[] = [];
  const around = text.replaceAll(timesOrPlaceholders, (found) => {
    timesMs.push(parse(found));
    return "<time>";
  });
  return { around, timesMs };
}

function isNear(atMs: number, nowMs: number): boolean {
  return Math.abs(atMs - nowMs) <= nearMs;
}

function parse(text: string): number | undefined {
  const found = dateAndTime.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hours = 0, minutes = 0, seconds = 0, fraction = "", zone = "Z"] = found;
  const millis = Number(fraction.padEnd(3, "0").slice(0, 3));
  const utc = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hours),
    Number(minutes),
    Number(seconds),
    millis,
  );
  return utc - offsetMs(zone);
}

function offsetMs(zone: string): number {
  const found = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (found === null) return 0;
  const [, sign, hours, minutes = 0] = found;
  return (sign === "-" ? -1 : 1) * (Number(hours) * hourMs + Number(minutes) * 60_000);
}
