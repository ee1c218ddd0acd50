import type { Json } from "../history/operation.ts";
import type { Plan, PlanEntry } from "./plan.ts";

/** The version of the plan format that this code writes, under the key `isolab-plan`. */
export const planFormat = 1;

/** The text is no plan that can be executed. The message is one sentence and says where and what to do. */
export class MalformedPlan extends Error {
  override readonly name = "MalformedPlan";
}

/**
 * A plan as JSON with one operation per line, for `plan.json`. Equal plans give equal bytes, and
 * decoding and encoding again gives the same bytes.
 */
export function encodePlan(plan: Plan): string {
  const head = JSON.stringify({ "isolab-plan": planFormat, seed: plan.seed, exhausted: plan.exhausted });
  const sessions = plan.sessions.map((entries) => {
    const lines = entries.map((entry) => JSON.stringify(inOrder(entry)));
    return lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n]`;
  });
  return `${head.slice(0, -1)},"sessions":[\n${sessions.join(",\n")}\n]}\n`;
}

/** The fields of an entry in the order in which they are written. */
function inOrder({ id, session, f, args, atNanos, phase }: PlanEntry): PlanEntry {
  return {
    id,
    session,
    f,
    args,
    ...(atNanos === undefined ? {} : { atNanos }),
    ...(phase === undefined ? {} : { phase }),
  };
}

/**
 * The plan in a text that {@link encodePlan} wrote, or a person edited since.
 *
 * @throws MalformedPlan when it is no JSON, of another version, or breaks a promise of {@link Plan}
 */
export function decodePlan(text: string): Plan {
  const whole = parse(text);
  if (!isObject(whole) || !("isolab-plan" in whole))
    throw malformed('it has no "isolab-plan" field', "give the plan.json of a run directory");
  if (whole["isolab-plan"] !== planFormat)
    throw malformed(
      `its version is ${JSON.stringify(whole["isolab-plan"])}, and this isolab reads version ${planFormat}`,
      "use the isolab that wrote it",
    );
  const { seed, exhausted, sessions } = whole;
  if (typeof seed !== "string") throw malformed('"seed" is no string');
  if (typeof exhausted !== "boolean") throw malformed('"exhausted" is neither true nor false');
  if (!Array.isArray(sessions) || sessions.length === 0)
    throw malformed('"sessions" is no list with at least one session');
  const decoded = sessions.map((entries: unknown, session) => {
    if (!Array.isArray(entries)) throw malformed(`sessions[${session}] is no list of operations`);
    return decodeSession(entries, session);
  });
  requireUniqueIds(decoded);
  return { seed, exhausted, sessions: decoded };
}

function decodeSession(entries: readonly unknown[], session: number): PlanEntry[] {
  let last: PlanEntry | undefined;
  return entries.map((entry, position) => {
    const place = `sessions[${session}][${position}]`;
    const decoded = decodeEntry(entry, session, place);
    if (last !== undefined && decoded.id <= last.id) throw malformed(`the id at ${place} does not rise`);
    if ((decoded.phase ?? 0) < (last?.phase ?? 0)) throw malformed(`the phase at ${place} falls`);
    last = decoded;
    return decoded;
  });
}

function decodeEntry(entry: unknown, ofSession: number, place: string): PlanEntry {
  if (!isObject(entry)) throw malformed(`${place} is no object`);
  const { id, session, f, args, atNanos, phase } = entry;
  if (!isCount(id)) throw malformed(`"id" of ${place} is no integer ≥ 0`);
  if (session !== ofSession) throw malformed(`"session" of ${place} is not ${ofSession}`);
  if (typeof f !== "string" || f === "") throw malformed(`"f" of ${place} is no operation's name`);
  if (!isObject(args)) throw malformed(`"args" of ${place} is no object`);
  if (atNanos !== undefined && !isTime(atNanos)) throw malformed(`"atNanos" of ${place} is no number ≥ 0`);
  if (phase !== undefined && !isCount(phase)) throw malformed(`"phase" of ${place} is no integer ≥ 0`);
  return {
    id,
    session: ofSession,
    f,
    args,
    ...(atNanos === undefined ? {} : { atNanos }),
    ...(phase === undefined ? {} : { phase }),
  };
}

function requireUniqueIds(sessions: readonly (readonly PlanEntry[])[]): void {
  const seen = new Set<number>();
  for (const { id } of sessions.flat()) {
    if (seen.has(id)) throw malformed(`two operations have the id ${id}`);
    seen.add(id);
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw malformed("it is no JSON", "give the plan.json of a run directory", error);
  }
}

function malformed(
  what: string,
  advice = "correct it, or draw the plan again from its seed",
  cause?: unknown,
): MalformedPlan {
  return new MalformedPlan(
    `The plan cannot be used because ${what}; ${advice}.`,
    cause === undefined ? undefined : { cause },
  );
}

function isObject(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTime(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}
