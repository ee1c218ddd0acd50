import type { TestProject } from "vitest/node";

import { startMysql } from "../../src/clients/servers/start-mysql.ts";
import { startPostgres } from "../../src/clients/servers/start-postgres.ts";
import { realClock } from "../../src/clock/real-clock.ts";
import { freshToken } from "../../src/random/entropy.ts";

declare module "vitest" {
  // The URLs of the suite's shared servers, as a user with every right.
  export interface ProvidedContext {
    postgresUrl: string;
    mariadbUrl: string;
  }
}

/**
 * Starts one PostgreSQL and one MariaDB for the whole suite and answers how to stop them. A server
 * that is missing fails the suite: nothing is skipped.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const clock = realClock();
  const starts = await Promise.allSettled([
    startPostgres({}, clock, freshToken(16)),
    startMysql({}, clock, freshToken(16), { insist: "mariadb" }),
  ]);
  const stop = async (): Promise<void> => {
    const servers = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
    await Promise.all(servers.map((server) => server.stop()));
  };
  const [postgres, mariadb] = starts;
  if (postgres.status === "rejected" || mariadb.status === "rejected") {
    await stop();
    throw postgres.status === "rejected" ? postgres.reason : (mariadb as PromiseRejectedResult).reason;
  }
  project.provide("postgresUrl", postgres.value.url);
  project.provide("mariadbUrl", mariadb.value.url);
  return stop;
}
