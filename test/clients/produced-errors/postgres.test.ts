import { describe } from "vitest";

import { errorTable } from "../../../src/clients/postgres/errors.ts";
import { startPostgres } from "../../../src/clients/servers/start-postgres.ts";
import { clock, freshRun } from "../../support/databases.ts";
import { testProducedErrors } from "./harness.ts";
import { notProduced, themes } from "./postgres/themes.ts";

describe("the errors of PostgreSQL", () => {
  testProducedErrors({
    dialect: "postgres",
    table: errorTable,
    themes,
    notProduced,
    property: "code",
    start: (settings) => startPostgres({ settings }, clock, freshRun()),
  });
});
