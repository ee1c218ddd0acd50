import type { Clock } from "../clock/clock.ts";
import type { Server, ServerOptions } from "../clients/servers/server.ts";
import { freshToken } from "../random/entropy.ts";

/** Which server to use: a throw-away one of a kind, or the user's own. */
export type TargetRequest = ThrowAway | { readonly url: string };

/** A throw-away server, and what it is like. */
interface ThrowAway {
  readonly db: "postgres" | "mysql" | "mariadb";
  readonly durable: boolean;
  /**
   * Server variables to start it with, by name. What only sessions know is left to them: a MySQL or MariaDB
   * starts without it.
   */
  readonly settings?: Readonly<Record<string, string>>;
  /** Puts its data on a file system of so many mebibytes, which takes root. */
  readonly diskMb?: number | undefined;
}

/** A server that answers at `url` until it is released. */
export interface Target {
  readonly url: string;
  /** Ours to kill and to configure; null where the server is the user's. */
  readonly server: Server | null;
  /** Stops what was started for us; leaves a user's server alone. Idempotent. */
  release(): Promise<void>;
}

/**
 * Starts the throw-away server that was asked for, or takes the user's as it is.
 *
 * @throws EnvironmentError with one sentence when there is none to be had
 */
export async function acquireTarget(request: TargetRequest, clock: Clock): Promise<Target> {
  if ("url" in request) return { url: request.url, server: null, release: () => Promise.resolve() };
  const server = await startServer(request, clock);
  return { url: server.url, server, release: () => server.stop() };
}

async function startServer({ db, durable, settings = {}, diskMb }: ThrowAway, clock: Clock): Promise<Server> {
  const options = { durable, ...(diskMb === undefined ? {} : { diskMb }) };
  if (db === "postgres") {
    const { startPostgres } = await import("../clients/servers/start-postgres.ts");
    return startPostgres({ ...options, settings }, clock, freshToken(16));
  }
  const { startMysql } = await import("../clients/servers/start-mysql.ts");
  const choice = db === "mariadb" ? { insist: "mariadb" as const } : {};
  return startMysql({ ...options, settings: loose(settings) }, clock, freshToken(16), choice);
}

/** With `loose_` a name that the command line does not know is no reason not to start. */
function loose(settings: Readonly<Record<string, string>>): ServerOptions["settings"] & object {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`loose_${name}`, value]));
}
