import { createHash } from "node:crypto";

import type { Clock } from "../clock/clock.ts";
import { EnvironmentError } from "./database-error.ts";
import type { Wire } from "./wire.ts";

/** What the table {@link markerTable} says about who made the namespace. */
export interface Marker {
  readonly run: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly created: string;
}

/** The table that marks a namespace as ours. */
export const markerTable = "isolab_marker";

/** A schema (PostgreSQL) or a database (MySQL), by name. Everything here is one dialect's SQL. */
export interface Namespaces {
  /** `schema` or `database`, for messages. */
  readonly noun: string;
  /** Tries the advisory lock of a name, without waiting. Held until {@link unlock} or the session's end. */
  tryLock(wire: Wire, name: string): Promise<boolean>;
  unlock(wire: Wire, name: string): Promise<void>;
  exists(wire: Wire, name: string): Promise<boolean>;
  /** The marker in a namespace; undefined when there is none, or none that we would have written. */
  marker(wire: Wire, name: string): Promise<Marker | undefined>;
  /** Creates the namespace with its marker in it. */
  create(wire: Wire, name: string, marker: Marker): Promise<void>;
  /** Drops the namespace and all that is in it, or fails soon when another session holds on to it. */
  drop(wire: Wire, name: string): Promise<void>;
  /** All names that begin with {@link prefix}. */
  candidates(wire: Wire): Promise<readonly string[]>;
  /** Makes a namespace the one that unqualified names mean in this session. */
  use(wire: Wire, name: string): Promise<void>;
}

const prefix = "isolab_";

/** @throws EnvironmentError when the token could not be part of a name on every database. */
export function namespaceName(run: string): string {
  if (!/^[a-z0-9]{1,40}$/.test(run))
    throw new EnvironmentError(
      `${JSON.stringify(run)} cannot name a run: use up to 40 lower-case letters and digits.`,
    );
  return prefix + run;
}

/** True for names that {@link namespaceName} makes. */
function isNamespaceName(name: string): boolean {
  return /^isolab_[a-z0-9]{1,40}$/.test(name);
}

/** A 64-bit advisory lock key that belongs to a name, in decimal. */
export function lockKey(name: string): string {
  return createHash("sha256").update(`isolab namespace ${name}`).digest().readBigInt64BE(0).toString();
}

/**
 * Creates the run's namespace. What a dead run of the same name left there is dropped first.
 *
 * @throws EnvironmentError when a living run holds the name, or something is there that is not ours.
 */
export async function claim(
  namespaces: Namespaces,
  wire: Wire,
  marker: Marker,
  label: string,
  clock: Clock,
): Promise<void> {
  const name = namespaceName(marker.run);
  if (!(await lockSoon(namespaces, wire, name, clock)))
    throw new EnvironmentError(
      `Another run is using the ${namespaces.noun} ${name} at ${label}: wait until it has ended.`,
    );
  if (await namespaces.exists(wire, name)) {
    if (!(await isOurs(namespaces, wire, name))) {
      await namespaces.unlock(wire, name);
      throw new EnvironmentError(
        `The ${namespaces.noun} ${name} at ${label} was not made by isolab and is left alone: rename it, or drop it if nobody needs it.`,
      );
    }
    await namespaces.drop(wire, name);
  }
  await namespaces.create(wire, name, marker);
  await namespaces.use(wire, name);
}

/** How long another run may look at a name that it finds, to see whether somebody left it behind. */
const sweepMs = 1_000;

/** Takes a name's lock; not where somebody holds it for longer than a {@link sweep} does. */
async function lockSoon(namespaces: Namespaces, wire: Wire, name: string, clock: Clock): Promise<boolean> {
  const deadline = clock.nanos() + sweepMs * 1e6;
  while (!(await namespaces.tryLock(wire, name))) {
    if (clock.nanos() > deadline) return false;
    await clock.sleep(20);
  }
  return true;
}

/**
 * Drops what runs left behind that were killed: marked as ours, and locked by nobody. Several runs may
 * do this at once. What cannot be dropped is told and left for the next time.
 *
 * @param endSessions ends the sessions of such a run that the server still knows: one that waits for a lock, or for
 *   a fault to end, does not notice that its client is gone
 */
export async function sweep(
  namespaces: Namespaces,
  wire: Wire,
  except: string,
  endSessions: (name: string) => Promise<void>,
  onWarning: (sentence: string) => void,
): Promise<void> {
  const names = (await namespaces.candidates(wire)).filter(isNamespaceName);
  for (const name of names) {
    if (name === except || !(await namespaces.tryLock(wire, name))) continue;
    try {
      if (!(await isOurs(namespaces, wire, name))) continue;
      await endSessions(name);
      await namespaces.drop(wire, name);
    } catch {
      onWarning(
        `The ${namespaces.noun} ${name} was left behind by a run that is gone, and could not be dropped.`,
      );
    } finally {
      if (wire.lost === undefined) await namespaces.unlock(wire, name);
    }
  }
}

/** Drops the run's own namespace. Says why not, when something else has taken its place. */
export async function release(namespaces: Namespaces, wire: Wire, name: string): Promise<string | undefined> {
  if (!(await namespaces.exists(wire, name))) return undefined;
  if (!(await isOurs(namespaces, wire, name)))
    return `The ${namespaces.noun} ${name} has lost its marker and is left alone.`;
  await namespaces.drop(wire, name);
  await namespaces.unlock(wire, name);
  return undefined;
}

async function isOurs(namespaces: Namespaces, wire: Wire, name: string): Promise<boolean> {
  const marker = await namespaces.marker(wire, name);
  return marker !== undefined && namespaceName(marker.run) === name;
}
