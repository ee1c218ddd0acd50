import { openWire } from "../../../../src/clients/mysql/wire.ts";
import { rules } from "../../../../src/clients/mysql/rules.ts";
import { Session } from "../../../../src/clients/session.ts";
import { parseTarget } from "../../../../src/clients/target.ts";
import { clock } from "../../../support/databases.ts";

/** A session at a URL, in a database that need not be ours, for the length of the body. */
export async function withSessionAt<T>(
  url: string,
  database: string | undefined,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const wire = await openWire({ target: parseTarget(url), database, connectTimeoutMs: 10_000, clock });
  const session = new Session(wire, rules, "read-committed");
  try {
    return await body(session);
  } finally {
    await session.close();
  }
}
