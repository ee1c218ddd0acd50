import { startMysql } from "../../../src/clients/servers/start-mysql.ts";
import { startPostgres } from "../../../src/clients/servers/start-postgres.ts";
import { realClock } from "../../../src/clock/real-clock.ts";
import { freshToken } from "../../../src/random/entropy.ts";

/**
 * A process that owns a PostgreSQL and a MariaDB and ends without stopping them. It prints `starting`, then
 * `ready`, and then, as its argument says, returns, throws, or waits to be killed, with the servers paused or on
 * small disks that are full.
 */
const clock = realClock();
const token = freshToken(16);
const ending = process.argv[2];
const options = ending === "wait-full" ? { diskMb: 192 } : {};
console.log("starting");
const servers = await Promise.all([
  startPostgres(options, clock, token),
  startMysql(options, clock, token, { insist: "mariadb" }),
]);
if (ending === "wait-paused") for (const server of servers) server.pause();
if (ending === "wait-full") for (const { disk } of servers) await disk?.fill();
console.log("ready");

if (ending === "throw") throw new Error("the owner throws");
if (ending?.startsWith("wait") === true) await clock.sleep(120_000);
