import { takingsChecker } from "./takings.ts";
import type { DomainChecker } from "./domain-checker.ts";

/** Vouchers: see {@link takingsChecker}; the things are vouchers. */
export const vouchers: DomainChecker = takingsChecker({
  name: "vouchers",
  summary: "a voucher is used once",
  anomaly: "voucher-used-twice",
  line: "two committed orders used the same voucher",
  taken: "used",
});

/** Bookings of rooms: the things are slots of a room, and a booking takes all slots that it reaches over. */
export const bookings: DomainChecker = takingsChecker({
  name: "bookings",
  summary: "no two bookings of a room overlap",
  anomaly: "double-booking",
  line: "two committed bookings of one room overlap",
  taken: "booked",
});

/** Rows that are found by name, or else created: the things are names. */
export const names: DomainChecker = takingsChecker({
  name: "names",
  summary: "there is one row of each name",
  anomaly: "duplicate-row",
  line: "two committed transactions created a row of the same name",
  taken: "created",
});
