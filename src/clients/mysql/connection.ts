import type { IsolationLevel } from "../../history/header.ts";
import { EnvironmentError } from "../database-error.ts";
import { type Settings, sameSetting, settingRefused } from "../settings.ts";
import type { Route, SideOptions } from "../side.ts";
import type { Wire } from "../wire.ts";
import { levelNames, sqlLevel } from "./isolation.ts";
import { openWire } from "./wire.ts";

/**
 * A session with our settings: autocommit, the user's variables, the isolation level; the level is read back.
 *
 * @param route straight to the server when undefined
 * @param database the database to be in; the URL's when undefined
 * @throws the driver's error when there is no connection; EnvironmentError when a setting does not hold
 */
export async function openConnection(
  options: SideOptions,
  route: Route | undefined,
  database: string | undefined,
  isolation: IsolationLevel | undefined,
): Promise<Wire> {
  const { target, connectTimeoutMs, clock } = options;
  const wire = await openWire({ target, database, connectTimeoutMs, clock, route });
  try {
    await wire.send("SET SESSION autocommit = 1");
    await applySettings(wire, options.settings, target.label);
    if (isolation !== undefined)
      await wire.send(`SET SESSION TRANSACTION ISOLATION LEVEL ${sqlLevel(isolation)}`);
    await checkSession(wire, isolation, target.label);
    return wire;
  } catch (error) {
    await wire.end();
    throw error;
  }
}

/**
 * Session variables by name, those that the server knows. SHOW answers nothing for unknown ones, so it serves
 * MariaDB 10.11, which knows only `tx_isolation`, and MySQL 8, which knows only `transaction_isolation`.
 */
export async function sessionVariables(
  wire: Wire,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const places = names.map((_, i) => `$${i + 1}`).join(", ");
  const { rows } = await wire.send(`SHOW SESSION VARIABLES WHERE Variable_name IN (${places})`, names);
  return new Map(rows.map((row) => [String(row.Variable_name).toLowerCase(), String(row.Value)]));
}

async function checkSession(wire: Wire, isolation: IsolationLevel | undefined, label: string): Promise<void> {
  const found = await sessionVariables(wire, ["tx_isolation", "transaction_isolation", "sql_mode"]);
  const level = found.get("transaction_isolation") ?? found.get("tx_isolation");
  if (isolation !== undefined && level !== levelNames[isolation])
    throw new EnvironmentError(
      `A session at ${label} runs at ${level ?? "an unknown level"} although ${levelNames[isolation]} was set: connect to the server itself, without a proxy in between.`,
    );
  if (found.get("sql_mode")?.includes("NO_BACKSLASH_ESCAPES") === true)
    throw new EnvironmentError(
      `Sessions at ${label} have NO_BACKSLASH_ESCAPES in sql_mode, which makes parameters unsafe: take it out, or set another sql_mode for the run.`,
    );
}

async function applySettings(wire: Wire, settings: Settings, label: string): Promise<void> {
  for (const [name, value] of Object.entries(settings)) {
    try {
      await wire.send(`SET SESSION ${name} = ${isNumber(value) ? value : "$1"}`, [value]);
    } catch (error) {
      if (!(await alreadySo(wire, name, value))) throw settingRefused(name, value, label, error);
    }
  }
}

/** Numeric variables refuse a quoted number. */
function isNumber(value: string): boolean {
  return /^-?\d+(?:\.\d+)?$/.test(value);
}

/** A variable that only the server's own configuration can set may have been set there. */
async function alreadySo(wire: Wire, name: string, value: string): Promise<boolean> {
  const current = (await sessionVariables(wire, [name])).get(name.toLowerCase());
  return current !== undefined && sameSetting(current, value);
}
