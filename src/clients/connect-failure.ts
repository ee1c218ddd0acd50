import { type DatabaseError, EnvironmentError } from "./database-error.ts";
import type { Target } from "./target.ts";

/** Why there is no connection, as one sentence for the user that says what to do. Names no user, no password. */
export function connectFailure(target: Target, error: DatabaseError): EnvironmentError {
  return new EnvironmentError(sentence(target, error), { cause: error });
}

function sentence(target: Target, error: DatabaseError): string {
  const { label } = target;
  const tls = target.dialect === "postgres" ? "?sslmode=require" : "?ssl-mode=REQUIRED";
  switch (isTlsDemand(error) ? "tls-required" : error.fields.cause) {
    case "connection-refused":
      return `Nothing listens at ${label}: start the database there or correct the address.`;
    case "unknown-host":
      return `The host of ${label} cannot be found: correct the address.`;
    case "connect-timeout":
      return `No database answers at ${label}: correct the address, or open the firewall for it.`;
    case "authentication-failed":
      return `The database at ${label} does not accept this user name and password from here: correct them in the URL.`;
    case "unknown-database":
      return `There is no such database at ${label}: create it or name another one in the URL.`;
    case "permission-denied":
      return `The user may not use the database at ${label}: grant it the right to connect.`;
    case "tls-required":
      return `The database at ${label} wants an encrypted connection: add ${tls} to the URL.`;
    case "tls-unavailable":
      return `The database at ${label} offers no encryption: leave ${tls.slice(1).split("=")[0] ?? ""} out of the URL.`;
    case "tls-failed":
      return `No encrypted connection to ${label} could be made (${String(error.fields.code)}): use a certificate this machine trusts, or ${tls} to encrypt without checking it.`;
    case "too-many-connections":
      return `The database at ${label} has no connection left: raise its limit or end other sessions.`;
    case "server-shutdown":
      return `The database at ${label} is starting or shutting down: try again in a moment.`;
    case "connection-lost":
      return `${label} ended the connection before it was ready: make sure a ${target.dialect === "postgres" ? "PostgreSQL" : "MySQL or MariaDB"} server answers at that port.`;
    default:
      return `No connection to ${label} (${String(error.fields.code ?? error.fields.cause)}): see the server's log.`;
  }
}

/** PostgreSQL refuses an unencrypted session with the SQLSTATE of a wrong password. */
function isTlsDemand(error: DatabaseError): boolean {
  return error.fields.code === "28000" && error.message.includes("no encryption");
}
