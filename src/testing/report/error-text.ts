import { inspect } from "node:util";

/** The longest message that is shown, in characters. */
const longest = 160;

/** How many causes are looked into. */
const deepest = 4;

/**
 * An error in one line for people: its class, the first line of its message, and the code of a database or a driver;
 * and what caused it, where only that has such a code. `SoldOut: no ticket left`,
 * `duplicate key value violates unique constraint "tickets_pkey" (SQLSTATE 23505)`.
 */
export function errorText(error: unknown, depth = 0): string {
  if (typeof error !== "object" || error === null) return inspect(error, { breakLength: Infinity });
  const { name, message, cause, original, parent, driverError, errors } = error as Readonly<
    Record<string, unknown>
  >;
  if (typeof message !== "string") return oneLine(inspect(error, { depth: 1, breakLength: Infinity }));
  const inner =
    cause ??
    original ??
    parent ??
    driverError ??
    (Array.isArray(errors) ? (errors as readonly unknown[])[0] : undefined);
  const code = codeOf(error);
  const said = oneLine(tellingLine(message, String(name)));
  // An AggregateError of the network says nothing itself.
  if (said === "" && code === undefined && isErrorLike(inner) && depth < deepest)
    return errorText(inner, depth + 1);
  const text = [said === "" ? String(name) : named(String(name), said), code && `(${code})`]
    .filter(Boolean)
    .join(" ");
  const isSaid = code !== undefined || !isErrorLike(inner) || !hasCode(inner) || depth === deepest;
  return isSaid ? text : `${text}, caused by: ${errorText(inner, depth + 1)}`;
}

/** `error` is what `pg` calls all errors of the server. */
function named(name: string, message: string): string {
  return name === "error" ? message : `${name}: ${message}`;
}

/** Prisma says first where it was called, and in the end what happened. */
function tellingLine(message: string, name: string): string {
  const lines = message.split("\n").filter((line) => line.trim() !== "");
  return (name.startsWith("PrismaClient") ? lines.at(-1) : lines[0]) ?? "";
}

function codeOf(error: object): string | undefined {
  const { code, sqlState } = error as Readonly<Record<string, unknown>>;
  const state = [sqlState, code].find(
    (text) => typeof text === "string" && /^[0-9A-Z]{5}$/.test(text) && /\d/.test(text),
  );
  // P2002 and the like are Prisma's own.
  if (typeof state === "string" && !/^P\d{4}$/.test(state))
    return typeof code === "string" && code !== state ? `${code}, SQLSTATE ${state}` : `SQLSTATE ${state}`;
  return typeof code === "string" || typeof code === "number" ? String(code) : undefined;
}

function hasCode(error: unknown, depth = 0): boolean {
  if (!isErrorLike(error) || depth > deepest) return false;
  const { cause, original, parent, driverError } = error;
  return codeOf(error) !== undefined || hasCode(cause ?? original ?? parent ?? driverError, depth + 1);
}

function isErrorLike(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && "message" in value;
}

/** A text in one line, cut where it is long. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
