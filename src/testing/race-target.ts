import { EnvironmentError } from "../clients/database-error.ts";
import { parseTarget, type Target, type Tls } from "../clients/target.ts";

/**
 * Where a race takes place: a URL (`postgres://…`, `mysql://…`, `mariadb://…`), a `Pool` of `pg`, or a pool of `mysql2`
 * (`mysql2/promise` too).
 */
export type RaceDatabase = string | PoolLike;

/** What every pool has. */
export interface PoolLike {
  /** What asks the database one statement. */
  readonly query: (...args: never[]) => unknown;
}

/** A target, and the pool that it was taken from, if it was. */
export interface RaceTarget {
  readonly target: Target;
  readonly pool: object | undefined;
}

/**
 * The server that a pool connects to, or a URL names.
 *
 * @throws EnvironmentError with one sentence that never holds a password
 */
export function raceTarget(database: RaceDatabase): RaceTarget {
  if (typeof database === "string") return { target: parseTarget(database), pool: undefined };
  const target = isObject(database) ? (postgresPool(database) ?? mysqlPool(database)) : undefined;
  if (target === undefined) throw new EnvironmentError(what);
  return { target, pool: database };
}

/** Whoever has no types may pass anything. */
function isObject(database: unknown): boolean {
  return (typeof database === "object" && database !== null) || typeof database === "function";
}

const what =
  "A race takes place on a database: pass its URL, a Pool of pg, or a pool of mysql2. For anything else that has one inside (an ORM), pass the URL.";

/** What a client of `pg` has made of its options, the environment's `PGHOST` and so on included. */
interface PgParameters {
  readonly host?: unknown;
  readonly port?: unknown;
  readonly user?: unknown;
  readonly password?: unknown;
  readonly database?: unknown;
  readonly ssl?: unknown;
}

function postgresPool(pool: object): Target | undefined {
  const { Client, options } = pool as { Client?: unknown; options?: unknown };
  if (typeof Client !== "function" || typeof options !== "object") return undefined;
  const client = new (Client as new (options: unknown) => { readonly connectionParameters?: PgParameters })(
    options,
  );
  const parameters = client.connectionParameters;
  return parameters === undefined ? undefined : targetOf("postgres", 5432, parameters);
}

function mysqlPool(pool: object): Target | undefined {
  const core = (pool as { pool?: unknown }).pool ?? pool;
  const config = (core as { config?: { connectionConfig?: PgParameters & { socketPath?: unknown } } }).config;
  const parameters = config?.connectionConfig;
  if (parameters === undefined) return undefined;
  if (typeof parameters.socketPath === "string")
    throw new EnvironmentError(
      "The pool connects through a socket file: let it connect to a host and a port.",
    );
  return targetOf("mysql", 3306, parameters);
}

function targetOf(dialect: Target["dialect"], defaultPort: number, parameters: PgParameters): Target {
  const { host, port, user, password, database, ssl } = parameters;
  const name = text(host) ?? "localhost";
  if (name.startsWith("/"))
    throw new EnvironmentError(
      "The pool connects through a socket file: let it connect to a host and a port.",
    );
  const number = Number(port ?? defaultPort);
  const address = `${name.includes(":") ? `[${name}]` : name}:${number}`;
  const inside = text(database);
  return {
    dialect,
    host: name,
    port: number,
    user: text(user),
    password: text(password),
    database: inside,
    tls: tlsOf(ssl),
    label: inside === undefined ? address : `${address}/${inside}`,
    ignored: [],
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function tlsOf(ssl: unknown): Tls {
  if (ssl === undefined || ssl === null || ssl === false) return "off";
  const { rejectUnauthorized } = ssl as { readonly rejectUnauthorized?: unknown };
  return rejectUnauthorized === false ? "encrypt" : "verify-full";
}
