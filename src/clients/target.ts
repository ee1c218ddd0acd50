import type { Dialect } from "./database.ts";
import { EnvironmentError } from "./database-error.ts";

/** How far TLS is asked for: libpq's and MySQL's words boil down to these. */
export type Tls = "off" | "encrypt" | "verify-ca" | "verify-full";

/** A database URL, taken apart. */
export interface Target {
  readonly dialect: Dialect;
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** The database named in the URL, if any. */
  readonly database: string | undefined;
  readonly tls: Tls;
  /** `host:port` or `host:port/database`: all that a message may name. */
  readonly label: string;
  /** Names of URL parameters that were not understood. */
  readonly ignored: readonly string[];
}

const schemes: Readonly<Record<string, Dialect>> = {
  "postgres:": "postgres",
  "postgresql:": "postgres",
  "mysql:": "mysql",
  "mariadb:": "mysql",
};

const defaultPort: Readonly<Record<Dialect, number>> = { postgres: 5432, mysql: 3306 };

/** Parameters that set {@link Tls}, in both worlds' spelling. */
const tlsParameters = ["sslmode", "ssl-mode", "ssl_mode", "ssl"];

const tlsModes: Readonly<Record<string, Tls>> = {
  disable: "off",
  disabled: "off",
  false: "off",
  "0": "off",
  // Weaker than `require`: plain is allowed, so plain it is.
  allow: "off",
  prefer: "off",
  preferred: "off",
  require: "encrypt",
  required: "encrypt",
  "no-verify": "encrypt",
  true: "encrypt",
  "1": "encrypt",
  "verify-ca": "verify-ca",
  verify_ca: "verify-ca",
  "verify-full": "verify-full",
  verify_identity: "verify-full",
};

/**
 * Reads `postgres://user:password@host:port/database?sslmode=require` and its MySQL and MariaDB kin.
 *
 * @throws EnvironmentError that repeats no part of the URL but its scheme: the rest may hold a password.
 */
export function parseTarget(text: string): Target {
  const url = parse(text);
  const dialect = schemes[url.protocol];
  if (dialect === undefined)
    throw new EnvironmentError(
      `A database URL begins with postgres://, mysql:// or mariadb://, not with ${url.protocol}//.`,
    );
  const host = decoded(url.hostname.replace(/^\[(.*)\]$/, "$1")) ?? "localhost";
  const port = url.port === "" ? defaultPort[dialect] : Number(url.port);
  const database = decoded(url.pathname.slice(1));
  const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    dialect,
    host,
    port,
    user: decoded(url.username),
    password: decoded(url.password),
    database,
    tls: tlsOf(url.searchParams),
    label: database === undefined ? address : `${address}/${database}`,
    ignored: [...new Set(url.searchParams.keys())].filter((name) => !tlsParameters.includes(name)),
  };
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    // The original error repeats its whole input, the password too: it is not kept.
    throw new EnvironmentError(
      "The database URL cannot be read: write postgres://user:password@host:port/database or mysql://…, with special characters in the password percent-encoded.",
    );
  }
}

function decoded(part: string): string | undefined {
  if (part === "") return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    throw new EnvironmentError("The database URL holds a lone %: write %25 for a percent sign.");
  }
}

function tlsOf(parameters: URLSearchParams): Tls {
  for (const name of tlsParameters) {
    const value = parameters.get(name);
    if (value === null) continue;
    const tls = tlsModes[value.toLowerCase()];
    if (tls === undefined)
      throw new EnvironmentError(
        `The database URL asks for ${name}=…, which is none of disable, require, verify-ca and verify-full.`,
      );
    return tls;
  }
  return "off";
}
