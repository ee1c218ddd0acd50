/** @import { Database, Query } from "./database.js" */

/**
 * Books a room from the first night to the last, unless somebody has one of these nights. Answers whether it did.
 *
 * @param {Database} database
 * @param {number} room
 * @param {number} first
 * @param {number} last
 * @returns {Promise<boolean>}
 */
export function book(database, room, first, last) {
  return database.transaction((query) => bookIfFree(query, room, first, last));
}

/**
 * The same, one booking of a room after the other: each locks the room first.
 *
 * @type {typeof book}
 */
export function bookLocked(database, room, first, last) {
  return database.transaction(async (query) => {
    await query("select id from rooms where id = ? for update", [room]);
    return bookIfFree(query, room, first, last);
  });
}

/**
 * @param {Query} query
 * @param {number} room
 * @param {number} first
 * @param {number} last
 */
async function bookIfFree(query, room, first, last) {
  const overlapping =
    "select first_night from bookings where room = ? and first_night <= ? and last_night >= ?";
  const taken = await query(overlapping, [room, last, first]);
  if (taken.length > 0) return false;
  await query("insert into bookings (room, first_night, last_night) values (?, ?, ?)", [room, first, last]);
  return true;
}
