import { startMysql } from "../../../src/clients/servers/start-mysql.ts";
import { startPostgres } from "../../../src/clients/servers/start-postgres.ts";
import { realClock } from "../../../src/clock/real-clock.ts";
import { freshToken } from "../../../src/random/entropy.ts";

/**
 * A process that owns a PostgreSQL and a MariaDB and ends without stopping them. It prints `starting`, then
 * `ready`, and then, as its argument says, returns, throws, or waits to be killed.
 */
const clock = realClock();
const token = freshToken(16);
console.log("starting");
await Promise.all([startPostgres({}, clock, token), startMysql({}, clock, token, { insist: "mariadb" })]);
console.log("ready");

const ending = process.argv[2];
if (ending === "throw") throw new Error("the owner throws");
if (ending === "wait") await clock.sleep(120_000);
