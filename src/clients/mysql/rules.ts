import type { Rules, Wire } from "../wire.ts";
import { classify, endsTheTransaction } from "./errors.ts";
import { begin } from "./isolation.ts";

/**
 * InnoDB goes on after an error. After most, only the statement is undone and the transaction is open. After
 * a deadlock or a snapshot conflict the whole transaction is gone, and a later statement would commit itself:
 * so it is rolled back in every form, and what is left of the body is refused. A lock wait timeout leaves it
 * open or not, as the server is configured; it is rolled back too, to mean one thing.
 */
export const rules: Rules = {
  begin,
  classify,
  aftermath: async (wire, error) => {
    if (endsTheTransaction(error.cause)) {
      await wire.send("ROLLBACK");
      return "rolled-back";
    }
    if (await isOpen(wire)) return "open";
    // A failed schema change has committed what came before it (MySQL manual, implicit commit).
    await wire.send("ROLLBACK");
    return "unknown";
  },
};

/** An error does not say whether the transaction is still there; the answer to an empty statement does. */
async function isOpen(wire: Wire): Promise<boolean> {
  await wire.send("DO 0");
  return wire.inTransaction === true;
}
