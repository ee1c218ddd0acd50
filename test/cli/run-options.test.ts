import { expect, test } from "vitest";

import { serverOf, serversOf } from "../../src/cli/run-options.ts";
import { UsageError } from "../../src/cli/usage-error.ts";

const flags = { url: undefined, durable: false, set: ["innodb_rollback_on_timeout=ON", "a.b=c=d"] };
const settings = { innodb_rollback_on_timeout: "ON", "a.b": "c=d" };

test("throw-away servers are started with what --set says", () => {
  expect(serverOf({ ...flags, db: "mariadb" })).toEqual({ db: "mariadb", durable: false, settings });
  expect(serversOf({ ...flags, db: "postgres,mysql", durable: true })).toEqual([
    { db: "postgres", durable: true, settings },
    { db: "mysql", durable: true, settings },
  ]);
});

test("a server of the user's is taken as it is", () => {
  const url = "postgres://localhost/test";
  expect(serverOf({ ...flags, db: undefined, url })).toEqual({ url });
});

test("the search path is not to be set", () => {
  expect(() => serverOf({ ...flags, db: "postgres", set: ["search_path=x"] })).toThrow(UsageError);
});
