import {
  below,
  defineWorkload,
  hotKeys,
  neverUnlessDirty,
  retryOn,
  serverRefusals,
  type Completed,
  type Expectation,
  type Json,
  type Mop,
  type OperationDefinition,
  type PlannedOperation,
  type Session,
  type Transaction,
} from "isolab";

/** InnoDB's READ UNCOMMITTED may show half of what goes on, whatever the writers lock. */
const kept: readonly Expectation[] = [...neverUnlessDirty(["nobody-on-call"])];

/**
 * Doctors on call: a doctor may go off call only while another one of the same shift is on call, so at
 * no time is there nobody (the example of write skew in Cahill, Röhm and Fekete, "Serializable Isolation
 * for Snapshot Databases", SIGMOD 2008).
 *
 * Each doctor's row is a register with a version column (`revision`), into which a change writes its
 * attempt's id. Whoever goes off call reads the rows of the whole shift and writes one of them.
 */
export default defineWorkload({
  name: "write-skew",
  summary: "doctors go off call while another one of their shift is on call: somebody always is",
  cannotReveal: "phantoms: no doctor joins or leaves a shift",
  parameters: {
    shifts: { summary: "shifts whose doctors come and go at the same time", default: 2, min: 1, max: 100 },
    doctors: { summary: "doctors of each shift", default: 2, min: 2, max: 20 },
    "uses-per-shift": {
      summary: "operations planned for a shift before a fresh one takes its place",
      default: 16,
      min: 1,
      max: 1_000,
    },
  },
  schema: () => [
    "create table shifts (id int primary key, changes int not null default 0)",
    `create table doctors (
       id int primary key, shift_id int not null, doctor int not null, on_call boolean not null default true,
       revision int not null default 0, changed_by varchar(40) not null default '')`,
    "create unique index doctors_of_shift on doctors (shift_id, doctor)",
  ],
  setup: (_, plan) => rowsFor(plan),
  generator: ({ shifts = 1, doctors = 2, ...others }) =>
    hotKeys({
      active: shifts,
      uses: others["uses-per-shift"] ?? 1,
      operation: (key, rng): PlannedOperation => {
        const args = { shift: key + 1, doctors };
        const kind = rng.float();
        if (kind < 0.15) return { f: "read-shift", args };
        return { f: kind < 0.45 ? "go-on" : "go-off", args: { ...args, doctor: 1 + rng.int(doctors) } };
      },
    }),
  atRest: (plan) =>
    shiftsOf(plan).map((shift) => ({ f: "read-at-rest", args: { shift, doctors: doctorsOf(plan) } })),
  checks: ["on-call"],
  contention: { low: { shifts: 50 }, high: { shifts: 1 } },
  variants: {
    naive: {
      summary: "read who is on call, go off if somebody else is; nothing is locked",
      operations: operations(goOff()),
      expect: [
        {
          at: below("serializable"),
          must: ["nobody-on-call", "G2-item"],
        },
        { at: ["serializable"], never: ["nobody-on-call", "G2-item"] },
      ],
    },
    "for-update": {
      summary: "lock all doctors of the shift with SELECT … FOR UPDATE while reading them",
      operations: operations(goOff({ lock: "for update" })),
      retry: retryOn(...serverRefusals),
      expect: kept,
    },
    materialized: {
      summary: "first change a row that stands for the shift, so that two who go off write the same row",
      operations: operations(
        goOff({
          before: async (tx, shift) => {
            await tx.query("update shifts set changes = changes + 1 where id = $1", [shift]);
          },
        }),
      ),
      retry: retryOn(...serverRefusals),
      expect: kept,
    },
    "serializable-retry": {
      summary: "naive code at SERIALIZABLE, tried again when the server refuses to commit",
      levels: ["serializable"],
      operations: operations(goOff()),
      retry: retryOn(...serverRefusals),
      expect: [{ never: ["nobody-on-call", "G2-item"] }],
    },
  },
});

/** One doctor as a transaction saw them. */
interface Doctor {
  readonly id: number;
  readonly doctor: number;
  readonly on_call: boolean | number;
  readonly revision: number;
  /** The attempt that last changed the row; empty where nobody has. */
  readonly changed_by: string;
}

/** What keeps two who go off call apart. */
interface Guard {
  readonly before?: (tx: Transaction, shift: number) => Promise<void>;
  /** The locking clause of the statement that reads the shift. */
  readonly lock?: string;
}

function goOff(guard: Guard = {}): OperationDefinition {
  return {
    invoke: (args, attempt) => [...unread(args), ["w", keyOf(args, Number(args.doctor)), [null, attempt]]],
    run: (session, args, attempt) =>
      session.transaction((tx) => leave(session, tx, args, { ...guard, attempt })),
  };
}

async function leave(
  session: Session,
  tx: Transaction,
  args: PlannedOperation["args"],
  { attempt, before, lock }: Guard & { readonly attempt: string },
): Promise<Completed> {
  await before?.(tx, shiftOf(args));
  const seen = await doctorsSeen(tx, args, lock);
  await session.think();
  const own = seen.find(({ doctor }) => doctor === args.doctor);
  const another = seen.some(({ doctor, on_call }) => Boolean(on_call) && doctor !== args.doctor);
  const data = { shifts: shown(args, seen) };
  if (own === undefined || !another) return { value: reads(args, seen), data };
  await setOnCall(tx, own.id, { onCall: false, attempt });
  return {
    value: [...reads(args, seen), ["w", keyOf(args, own.doctor), [null, attempt]]],
    data: { ...data, off: { [shiftKey(args)]: attempt } },
  };
}

/** Asks nobody: one more on call breaks no rule. */
function goOn(): OperationDefinition {
  return {
    invoke: (args, attempt) => [["w", keyOf(args, Number(args.doctor)), [null, attempt]]],
    run: async (session, args, attempt) => {
      const doctor = Number(args.doctor);
      await session.transaction((tx) => setOnCall(tx, idOf(args, doctor), { onCall: true, attempt }));
      return { value: [["w", keyOf(args, doctor), [null, attempt]]] };
    },
  };
}

/** The read of a whole shift, by somebody who looks, or after everything else has ended. */
function readShift(): OperationDefinition {
  return {
    invoke: unread,
    run: async (session, args) => {
      const seen = await session.transaction((tx) => doctorsSeen(tx, args));
      return { value: reads(args, seen), data: { shifts: shown(args, seen) } };
    },
  };
}

/** Reads the doctors of a shift in one statement. */
async function doctorsSeen(
  tx: Transaction,
  args: PlannedOperation["args"],
  lock = "",
): Promise<readonly Doctor[]> {
  const { rows } = await tx.query<{ [column in keyof Doctor]: Doctor[column] }>(
    `select id, doctor, on_call, revision, changed_by from doctors
     where shift_id = $1 order by doctor ${lock}`,
    [shiftOf(args)],
  );
  return rows;
}

async function setOnCall(
  tx: Transaction,
  id: number,
  { onCall, attempt }: { readonly onCall: boolean; readonly attempt: string },
): Promise<void> {
  await tx.query("update doctors set on_call = $2, revision = revision + 1, changed_by = $3 where id = $1", [
    id,
    onCall,
    attempt,
  ]);
}

/** The registers of a shift's doctors, before anything is known of them. */
function unread(args: PlannedOperation["args"]): readonly Mop[] {
  return Array.from({ length: Number(args.doctors) }, (_, i): Mop => ["r", keyOf(args, i + 1), null]);
}

function reads(args: PlannedOperation["args"], seen: readonly Doctor[]): readonly Mop[] {
  return seen.map(({ doctor, revision, changed_by }) => [
    "r",
    keyOf(args, doctor),
    revision === 0 ? null : [revision, changed_by],
  ]);
}

/** For the check of the invariant: who is on call as one statement showed it, and who last changed that. */
function shown(args: PlannedOperation["args"], seen: readonly Doctor[]): Json {
  const doctors = seen.map(({ doctor, on_call, revision, changed_by }) => [
    `${doctor}`,
    [on_call ? "on" : "off", revision === 0 ? null : changed_by],
  ]);
  return { [shiftKey(args)]: Object.fromEntries(doctors) as Json };
}

/** Shifts and their doctors for a plan, everybody on call. */
function rowsFor(plan: readonly PlannedOperation[]): readonly string[] {
  const shifts = shiftsOf(plan);
  if (shifts.length === 0) return [];
  const doctors = shifts.flatMap((shift) =>
    Array.from({ length: doctorsOf(plan) }, (_, i) => `(${idOf({ shift }, i + 1)}, ${shift}, ${i + 1})`),
  );
  return [
    `insert into shifts (id) values ${shifts.map((shift) => `(${shift})`).join(", ")}`,
    `insert into doctors (id, shift_id, doctor) values ${doctors.join(", ")}`,
  ];
}

function shiftOf(args: PlannedOperation["args"]): number {
  return Number(args.shift);
}

function shiftKey(args: PlannedOperation["args"]): string {
  return `shift/${shiftOf(args)}`;
}

function keyOf(args: PlannedOperation["args"], doctor: number): string {
  return `${shiftKey(args)}/doctor/${doctor}`;
}

function idOf(args: PlannedOperation["args"], doctor: number): number {
  return shiftOf(args) * 100 + doctor;
}

function shiftsOf(plan: readonly PlannedOperation[]): readonly number[] {
  return [...new Set(plan.map(({ args }) => shiftOf(args)))].sort((a, b) => a - b);
}

function doctorsOf([first]: readonly PlannedOperation[]): number {
  return Number(first?.args.doctors);
}

/** Every variant comes back on call, and looks, in the same way. */
function operations(goOff: OperationDefinition): Record<string, OperationDefinition> {
  return { "go-off": goOff, "go-on": goOn(), "read-shift": readShift(), "read-at-rest": readShift() };
}
