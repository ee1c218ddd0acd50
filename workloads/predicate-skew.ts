import {
  below,
  defineWorkload,
  hotKeys,
  retryOn,
  serverRefusals,
  type Completed,
  type Dialect,
  type Mop,
  type OperationDefinition,
  type PlannedOperation,
  type Session,
  type Transaction,
} from "isolab";

const double = "double-booking";

/**
 * Meeting rooms: a booking is inserted if no other one of the room overlaps it, so no two ever may (write skew by
 * a phantom; Kleppmann, "Designing Data-Intensive Applications", chapter 7). What the decision rests on is the
 * absence of rows, and rows that are not there cannot be locked.
 *
 * A slot of a room is a set: the bookings that reach over it. Whoever asks for the bookings that overlap some
 * slots reads the sets of these slots whole; a booking adds its attempt's id, stored in the row, to each of them.
 */
export default defineWorkload({
  name: "predicate-skew",
  summary: "book a meeting room if nobody else has: no two bookings of a room overlap",
  cannotReveal: "lost updates and write cycles: bookings are only ever inserted, never moved or cancelled",
  parameters: {
    rooms: { summary: "rooms that are booked at the same time", default: 2, min: 1, max: 100 },
    slots: { summary: "slots of each room", default: 8, min: 1, max: 100 },
    longest: { summary: "slots that a booking reaches over at most", default: 3, min: 1, max: 20 },
    "uses-per-room": {
      summary: "bookings planned for a room before a fresh one takes its place",
      default: 8,
      min: 1,
      max: 1_000,
    },
  },
  schema: () => [
    "create table rooms (id int primary key, changes int not null default 0)",
    `create table bookings (
       booked_by varchar(40) primary key, room_id int not null, starts int not null, ends int not null)`,
    "create index bookings_of_room on bookings (room_id, starts)",
  ],
  setup: (_, plan) => {
    const rooms = [...new Set(plan.map(({ args }) => roomOf(args)))].map((room) => `(${room})`);
    return rooms.length === 0 ? [] : [`insert into rooms (id) values ${rooms.join(", ")}`];
  },
  generator: ({ rooms = 1, slots = 1, longest = 1, ...others }) =>
    hotKeys({
      active: rooms,
      uses: others["uses-per-room"] ?? 1,
      operation: (key, rng) => {
        const starts = rng.int(slots);
        const ends = Math.min(slots, starts + 1 + rng.int(longest));
        return { f: "book", args: { room: key + 1, starts, ends } };
      },
    }),
  atRest: (plan) => {
    const ends = new Map<number, number>();
    for (const { args } of plan)
      ends.set(roomOf(args), Math.max(Number(args.ends), ends.get(roomOf(args)) ?? 0));
    return [...ends].map(([room, last]) => ({ f: "read-at-rest", args: { room, starts: 0, ends: last } }));
  },
  checks: ["bookings"],
  contention: { low: { rooms: 50 }, high: { rooms: 1 } },
  variants: {
    naive: {
      summary: "look for bookings that overlap, insert one's own if there are none; nothing is locked",
      operations: operations(booking()),
      expect: [
        { at: below("serializable"), must: [double, "G2"] },
        { at: ["serializable"], never: [double, "G2"] },
      ],
    },
    "for-update": {
      summary: "look for them with SELECT … FOR UPDATE: where there are none, PostgreSQL locks nothing",
      operations: operations(booking({ lock: "for update" })),
      retry: retryOn(...serverRefusals),
      expect: [
        { on: ["postgres"], at: below("serializable"), must: [double] },
        { on: ["mysql", "mariadb"], at: ["read-uncommitted", "read-committed"], must: [double] },
        // From here on InnoDB locks the gap in which a row would be.
        { on: ["mysql", "mariadb"], at: ["repeatable-read"], never: [double] },
        { at: ["serializable"], never: [double] },
      ],
    },
    "lock-room": {
      summary: "lock the room's row with SELECT … FOR UPDATE before looking",
      operations: operations(
        booking({
          before: async (tx, { room }) => {
            await tx.query("select id from rooms where id = $1 for update", [room]);
          },
        }),
      ),
      retry: retryOn(...serverRefusals),
      expect: [
        // The locking statement takes the snapshot before it waits, and a lock alone raises no error.
        { on: ["postgres"], at: ["repeatable-read"], must: [double] },
        { on: ["postgres"], at: ["read-uncommitted", "read-committed"], never: [double] },
        { on: ["mysql", "mariadb"], never: [double] },
        { at: ["serializable"], never: [double] },
      ],
    },
    materialized: {
      summary: "change the room's row before looking: that is a conflict which a snapshot notices",
      operations: operations(
        booking({
          before: async (tx, { room }) => {
            await tx.query("update rooms set changes = changes + 1 where id = $1", [room]);
          },
        }),
      ),
      retry: retryOn(...serverRefusals),
      expect: [{ never: [double] }],
    },
    constraint: {
      summary: "an exclusion constraint; where there is none, a table with a unique key on room and slot",
      schema: noOverlap,
      operations: operations(booking({ after: takeSlots })),
      retry: retryOn("exclusion-violation", "duplicate-key", ...serverRefusals),
      expect: [{ never: [double] }],
    },
    "serializable-retry": {
      summary: "naive code at SERIALIZABLE, tried again when the server refuses to commit",
      levels: ["serializable"],
      operations: operations(booking()),
      retry: retryOn(...serverRefusals),
      expect: [{ never: [double, "G2"] }],
    },
  },
});

/** Which room is booked, from which slot to which; the last one is not included. */
interface Wish {
  readonly room: number;
  readonly starts: number;
  readonly ends: number;
}

/** A booking that overlaps what was asked for. */
interface Booking {
  readonly booked_by: string;
  readonly starts: number;
  readonly ends: number;
}

/** What keeps two bookings of one room apart. */
interface Guard {
  readonly before?: (tx: Transaction, wish: Wish) => Promise<void>;
  /** The locking clause of the statement that looks for bookings. */
  readonly lock?: string;
  /** What is done in the same transaction once the booking is there. */
  readonly after?: (tx: Transaction, wish: Wish, dialect: Dialect) => Promise<void>;
}

function booking(guard: Guard = {}): OperationDefinition {
  return {
    invoke: (args, attempt) => [...unread(wishOf(args)), ...adds(wishOf(args), attempt)],
    run: (session, args, attempt) =>
      session.transaction((tx) => book(session, tx, wishOf(args), { ...guard, attempt })),
  };
}

async function book(
  session: Session,
  tx: Transaction,
  wish: Wish,
  { attempt, before, lock, after }: Guard & { readonly attempt: string },
): Promise<Completed> {
  await before?.(tx, wish);
  const seen = await overlapping(tx, wish, lock);
  await session.think();
  if (seen.length > 0) return { value: reads(wish, seen) };
  const { room, starts, ends } = wish;
  await tx.query("insert into bookings (booked_by, room_id, starts, ends) values ($1, $2, $3, $4)", [
    attempt,
    room,
    starts,
    ends,
  ]);
  await after?.(tx, wish, session.dialect);
  const took = Object.fromEntries(slotsOf(wish).map((slot) => [slotKey(wish, slot), attempt]));
  return { value: [...reads(wish, seen), ...adds(wish, attempt)], data: { took } };
}

/** Reads, in one statement, the bookings of the room that overlap. */
async function overlapping(
  tx: Transaction,
  { room, starts, ends }: Wish,
  lock = "",
): Promise<readonly Booking[]> {
  const { rows } = await tx.query<{ [column in keyof Booking]: Booking[column] }>(
    `select booked_by, starts, ends from bookings
     where room_id = $1 and starts < $3 and ends > $2 order by starts, booked_by ${lock}`,
    [room, starts, ends],
  );
  return rows;
}

/** The bookings of a room after everything else has ended. */
function readAtRest(): OperationDefinition {
  return {
    invoke: (args) => unread(wishOf(args)),
    run: async (session, args) => {
      const wish = wishOf(args);
      const seen = await session.transaction((tx) => overlapping(tx, wish));
      const holders = Object.fromEntries(slotsOf(wish).map((slot) => [slotKey(wish, slot), on(slot, seen)]));
      return { value: reads(wish, seen), data: { holders } };
    },
  };
}

/** What the server itself keeps apart; an `int4range` of one number stands for equality, which needs no extension. */
function noOverlap(dialect: Dialect): readonly string[] {
  if (dialect === "postgres")
    return [
      `alter table bookings add constraint no_overlap exclude using gist
         (int4range(room_id, room_id, '[]') with &&, int4range(starts, ends) with &&)`,
    ];
  return ["create table taken_slots (room_id int, slot int, primary key (room_id, slot))"];
}

async function takeSlots(tx: Transaction, wish: Wish, dialect: Dialect): Promise<void> {
  if (dialect === "postgres") return;
  const slots = slotsOf(wish).map((slot) => `($1, ${slot})`);
  await tx.query(`insert into taken_slots (room_id, slot) values ${slots.join(", ")}`, [wish.room]);
}

function unread(wish: Wish): readonly Mop[] {
  return slotsOf(wish).map((slot) => ["rs", slotKey(wish, slot), null]);
}

/** Each slot's bookings, of those that one statement showed. */
function reads(wish: Wish, seen: readonly Booking[]): readonly Mop[] {
  return slotsOf(wish).map((slot) => ["rs", slotKey(wish, slot), on(slot, seen)]);
}

function on(slot: number, seen: readonly Booking[]): readonly string[] {
  return seen.filter(({ starts, ends }) => starts <= slot && slot < ends).map(({ booked_by }) => booked_by);
}

function adds(wish: Wish, attempt: string): readonly Mop[] {
  return slotsOf(wish).map((slot) => ["add", slotKey(wish, slot), attempt]);
}

function slotsOf({ starts, ends }: Wish): readonly number[] {
  return Array.from({ length: ends - starts }, (_, i) => starts + i);
}

function slotKey({ room }: Wish, slot: number): string {
  return `room/${room}/slot/${slot}`;
}

function roomOf(args: PlannedOperation["args"]): number {
  return Number(args.room);
}

function wishOf(args: PlannedOperation["args"]): Wish {
  return { room: roomOf(args), starts: Number(args.starts), ends: Number(args.ends) };
}

/** Every variant reads a room at rest in the same way. */
function operations(book: OperationDefinition): Record<string, OperationDefinition> {
  return { book, "read-at-rest": readAtRest() };
}
