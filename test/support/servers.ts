import { inject } from "vitest";

import type { Dialect } from "../../src/clients/database.ts";
import type { DatabaseKind } from "../../src/history/header.ts";

/** One of the suite's shared servers; see global-setup.ts. */
export interface SharedServer {
  readonly kind: DatabaseKind;
  readonly dialect: Dialect;
  readonly url: string;
}

/** Both shared servers, for tests that hold on every database: `test.each(serverUrls())("… on $kind", …)`. */
export function serverUrls(): readonly SharedServer[] {
  return [
    { kind: "postgres", dialect: "postgres", url: inject("postgresUrl") },
    { kind: "mariadb", dialect: "mysql", url: inject("mariadbUrl") },
  ];
}
