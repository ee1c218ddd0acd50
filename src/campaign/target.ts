import type { Clock } from "../clock/clock.ts";
import type { Server } from "../clients/servers/server.ts";
import { freshToken } from "../random/entropy.ts";

/** Which server to use: a throw-away one of a kind, or the user's own. */
export type TargetRequest =
  { readonly db: "postgres" | "mysql" | "mariadb"; readonly durable: boolean } | { readonly url: string };

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

async function startServer(
  { db, durable }: Extract<TargetRequest, { db: unknown }>,
  clock: Clock,
): Promise<Server> {
  if (db === "postgres") {
    const { startPostgres } = await import("../clients/servers/start-postgres.ts");
    return startPostgres({ durable }, clock, freshToken(16));
  }
  const { startMysql } = await import("../clients/servers/start-mysql.ts");
  return startMysql({ durable }, clock, freshToken(16), db === "mariadb" ? { insist: "mariadb" } : {});
}
