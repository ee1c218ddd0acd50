import type { Database } from "../../../../src/clients/database.ts";
import { freshRun } from "../../../support/databases.ts";
import { changed, type Produced, refusedConnection, type Theme } from "../provocation.ts";

/** Connections that are refused. */
export const connecting: Theme = {
  name: "connecting",
  provocations: [
    {
      code: "28P01",
      how: "a wrong password",
      provoke: async ({ server }) => {
        const url = changed(server.url, (u) => (u.password = "wrong"));
        return [{ error: await refusedConnection(url), phase: "connect" }];
      },
    },
    {
      code: "28000",
      how: "a role that may not log in",
      provoke: ({ server, database }) => asRole(server.url, database, "nologin"),
    },
    {
      code: "3D000",
      how: "a database that is not there",
      provoke: async ({ server }) => {
        const url = changed(server.url, (u) => (u.pathname = "/nowhere"));
        return [{ error: await refusedConnection(url), phase: "connect" }];
      },
    },
    {
      code: "53300",
      how: "one session more than a role's CONNECTION LIMIT",
      provoke: ({ server, database }) => asRole(server.url, database, "login connection limit 0"),
    },
  ],
};

async function asRole(url: string, database: Database, attributes: string): Promise<readonly Produced[]> {
  const role = `r_${freshRun()}`;
  await database.execute([`create role ${role} password 'pw' ${attributes}`]);
  try {
    const as = changed(url, (u) => {
      u.username = role;
      u.password = "pw";
    });
    return [{ error: await refusedConnection(as), phase: "connect" }];
  } finally {
    await database.execute([`drop role ${role}`]);
  }
}
