import type { Rules } from "../wire.ts";
import { classify } from "./errors.ts";
import { begin } from "./isolation.ts";

/**
 * PostgreSQL keeps a failed transaction open and answers 25P02 to all but ROLLBACK (or a savepoint), so that
 * no later statement can run outside of it: it may stay as it is, unless the failed statement itself was the
 * end of the transaction.
 */
export const rules: Rules = {
  begin,
  classify,
  aftermath: (wire) => Promise.resolve(wire.inTransaction === false ? "unknown" : "open"),
};
