import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { bites, race, startServer } from "isolab";

import { book, bookLocked } from "../src/book.js";
import { openDatabase } from "../src/database.js";

const tables = [
  "create table rooms (id int primary key)",
  "create table bookings (room int, first_night int, last_night int, primary key (room, first_night))",
];

const doubled = `
  select one.room from bookings one
  join bookings other on one.room = other.room and one.first_night < other.first_night
  where one.last_night >= other.first_night`;

describe.each(/** @type {const} */ (["postgres", "mariadb"]))("on %s", (kind) => {
  /** @type {import("isolab").TestServer} */
  let server;
  /** @type {import("../src/database.js").Database} */
  let database;

  beforeAll(async () => {
    server = await startServer(kind);
    database = openDatabase(server.url);
    await database.transaction(async (query) => {
      for (const table of tables) await query(table);
    });
  });

  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  /** @param {typeof book} how */
  const bookings = (how) => ({
    setup: "delete from bookings; delete from rooms; insert into rooms values (7);",
    sessions: [() => how(database, 7, 1, 3), () => how(database, 7, 2, 5)],
    invariant: {
      /** @param {import("isolab").Query} query */
      "no night is booked twice": async (query) => {
        expect((await query(doubled)).rows).toEqual([]);
      },
    },
    seed: 1,
  });

  test("two guests have one room in the same night", async () => {
    const failure = await race(server.url, bookings(book)).catch((/** @type {Error} */ error) => error);
    expect(failure).toMatchObject({
      name: "RaceError",
      message: expect.stringContaining('"no night is booked twice" is broken'),
      result: { finding: { statements: 4, diagnosis: { cause: "level" } } },
    });
    expect(failure).toHaveProperty("message", expect.stringMatching(replay(kind)));
  });

  test("with the room locked, one is refused", async () => {
    await race(server.url, bookings(bookLocked));
  });

  test("without its lock, that would be noticed", async () => {
    await bites(server.url, bookings(bookLocked));
  });
});

/** The line that runs the test above again with the schedule that failed. @param {string} kind */
const replay = (kind) =>
  new RegExp(
    `ISOLAB_REPLAY=\\S+ .*npx jest --runTestsByPath test/book\\.test\\.js -t '\\^on ${kind} two guests`,
  );
