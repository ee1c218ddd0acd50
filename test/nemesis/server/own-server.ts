import { acquireTarget, type Target } from "../../../src/campaign/target.ts";
import type { Server } from "../../../src/clients/servers/server.ts";
import { smallDiskMb } from "../../../src/clients/servers/small-disk.ts";
import { realClock } from "../../../src/clock/real-clock.ts";
import type { Nemesis } from "../../../src/nemesis/nemesis.ts";
import { whyNoMount } from "../../support/mounting.ts";

/** A durable server of the test's own, on a small disk where that can be had. */
export async function ownServer(db: "postgres" | "mariadb"): Promise<Target & { readonly server: Server }> {
  const disk = whyNoMount() === undefined ? { diskMb: smallDiskMb } : {};
  const target = await acquireTarget({ db, durable: true, ...disk }, realClock());
  if (target.server === null) throw new Error("a throw-away server is ours");
  return { ...target, server: target.server };
}

/** Those that can strike here; the reason why others cannot is printed. */
export function possible(nemeses: readonly Nemesis[], db: "postgres" | "mariadb"): readonly Nemesis[] {
  const obstacle = whyNoMount();
  return nemeses.filter(({ name, databases, needs }) => {
    if (obstacle !== undefined && needs.includes("small-disk")) {
      console.log(`skipped: ${name} (${obstacle})`);
      return false;
    }
    return databases.includes(db);
  });
}
