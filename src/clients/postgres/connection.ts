import type { IsolationLevel } from "../../history/header.ts";
import { EnvironmentError } from "../database-error.ts";
import { type Settings, sameSetting, settingRefused } from "../settings.ts";
import type { Route, SideOptions } from "../side.ts";
import type { Wire } from "../wire.ts";
import { levelNames } from "./isolation.ts";
import { openWire } from "./wire.ts";

/**
 * A session with our settings: search path, isolation level, the user's variables; the level is read back.
 *
 * @param route straight to the server when undefined
 * @param applicationName what `pg_stat_activity` shows
 * @param namespace the schema that unqualified names mean; the server's own search path when undefined
 * @throws the driver's error when there is no connection; EnvironmentError when a setting does not hold
 */
export async function openConnection(
  options: SideOptions,
  route: Route | undefined,
  applicationName: string,
  namespace: string | undefined,
  isolation: IsolationLevel | undefined,
): Promise<Wire> {
  const { target, connectTimeoutMs, clock } = options;
  const wire = await openWire({ target, applicationName, connectTimeoutMs, clock, route });
  try {
    if (namespace !== undefined) await useSchema(wire, namespace);
    await applySettings(wire, options.settings, target.label);
    if (isolation !== undefined) await setLevel(wire, isolation, target.label);
    return wire;
  } catch (error) {
    await wire.end();
    throw error;
  }
}

/** Unqualified names mean the schema's, and nothing of the user's can be meant by accident. */
export async function useSchema(wire: Wire, schema: string): Promise<void> {
  await wire.send("select set_config('search_path', $1, false)", [`"${schema}"`]);
}

async function setLevel(wire: Wire, isolation: IsolationLevel, label: string): Promise<void> {
  const wanted = levelNames[isolation];
  await wire.send("select set_config('default_transaction_isolation', $1, false)", [wanted]);
  const { rows } = await wire.send("select current_setting('transaction_isolation') as level");
  const level = String(rows[0]?.level);
  if (level !== wanted)
    throw new EnvironmentError(
      `A session at ${label} runs at ${level} although ${wanted} was set: connect to the server itself, without a pooler in between.`,
    );
}

async function applySettings(wire: Wire, settings: Settings, label: string): Promise<void> {
  for (const [name, value] of Object.entries(settings)) {
    try {
      await wire.send("select set_config($1, $2, false)", [name, value]);
    } catch (error) {
      if (!(await alreadySo(wire, name, value))) throw settingRefused(name, value, label, error);
    }
  }
}

/** A variable that only the server's own configuration can set may have been set there. */
async function alreadySo(wire: Wire, name: string, value: string): Promise<boolean> {
  const { rows } = await wire.send("select current_setting($1, true) as value", [name]);
  const current = rows[0]?.value;
  return typeof current === "string" && sameSetting(current, value);
}
