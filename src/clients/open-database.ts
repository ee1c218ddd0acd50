import type { Clock } from "../clock/clock.ts";
import type { IsolationLevel } from "../history/header.ts";
import type { Database } from "./database.ts";
import { EnvironmentError } from "./database-error.ts";
import { openManaged } from "./managed-database.ts";
import { namespaceName } from "./namespace.ts";
import { checkSettingNames, type Settings } from "./settings.ts";
import type { Address, Side, SideOptions } from "./side.ts";
import { parseTarget, type Target } from "./target.ts";

export interface OpenOptions {
  /** `postgres://`, `postgresql://`, `mysql://` or `mariadb://`; `?sslmode=` or `?ssl-mode=` asks for TLS. */
  readonly url: string;
  /** Names the run's schema or database, `isolab_<run>`: up to 40 lower-case letters and digits. */
  readonly run: string;
  /** Server variables, set in every session where the server allows it, and recorded in the description. */
  readonly settings?: Settings;
  /** The level the run is about, for the description; sessions are given theirs by {@link Database.connect}. */
  readonly isolation?: IsolationLevel;
  readonly clock: Clock;
  /** Told in one sentence what did not go as it should but stops nobody. */
  readonly onWarning?: (sentence: string) => void;
  /** How long one attempt to connect may take. Default 10 000. */
  readonly connectTimeoutMs?: number;
  /** A proxy before the server, for the sessions of the run; the control session and watchers do not use it. */
  readonly through?: Address | undefined;
  /**
   * A client that gives up: a session of the run whose statement has not been answered for so long cuts its
   * connection, and the statement fails with cause `answer-timeout`. For ever unless given.
   */
  readonly answerTimeoutMs?: number | undefined;
}

/**
 * Connects to a server and creates the run's own namespace there; {@link Database.close} drops it again.
 * The driver is loaded only here, which takes 100–200 ms the first time.
 *
 * @throws EnvironmentError with one sentence that says what to do; it never holds user name or password
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { settings = {}, clock, connectTimeoutMs = 10_000, onWarning = () => undefined } = options;
  const target = parseTarget(options.url);
  const namespace = namespaceName(options.run);
  checkSettingNames(settings);
  for (const name of target.ignored)
    onWarning(`The URL parameter ${name} is not known here and does nothing.`);
  if (options.through !== undefined && (target.tls === "verify-ca" || target.tls === "verify-full"))
    throw throughUnverified(target);
  const side = await loadSide({
    target,
    namespace,
    settings,
    isolation: options.isolation,
    connectTimeoutMs,
    through: options.through,
    answerTimeoutMs: options.answerTimeoutMs,
    clock,
  });
  return openManaged(side, { target, run: options.run, clock, onWarning });
}

/** A certificate names the server and not the proxy. */
function throughUnverified({ tls, label }: Target): EnvironmentError {
  return new EnvironmentError(
    `The URL of ${label} asks for ${tls}, which fails through the proxy that faults of the network need: ask for require instead, or leave those faults out.`,
  );
}

/** Everything one database does in its own way, with its driver loaded. */
export async function loadSide(options: SideOptions): Promise<Side> {
  switch (options.target.dialect) {
    case "postgres":
      return (await import("./postgres/database.ts")).postgresSide(options);
    case "mysql":
      return (await import("./mysql/database.ts")).mysqlSide(options);
  }
}
