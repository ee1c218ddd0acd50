import fc from "fast-check";

import type { Row } from "../../../src/clients/database.ts";
import { virtualClock, type VirtualClock } from "../../../src/clock/virtual-clock.ts";
import type { Catalogue, Column } from "../../../src/testing/serial/catalogue.ts";
import type { Ask, Outcome, SessionEnding, State } from "../../../src/testing/serial/outcome.ts";
import { serialOracle, type SerialOracle } from "../../../src/testing/serial/serial-oracle.ts";

/** One step of a session in the world. Only `read` and `write` touch what other sessions touch. */
export type Act = Private | Shared;

type Private =
  | { readonly type: "add"; readonly by: number }
  | { readonly type: "order"; readonly daysAhead: number; readonly what: number }
  | { readonly type: "item"; readonly share: number }
  | { readonly type: "forget" }
  /** Draws a number from a sequence of its own and stores it nowhere. */
  | { readonly type: "ticket" };

/** `read` remembers the balance that all share, `write` sets it to what was remembered, and more. */
export type Shared = { readonly type: "read" } | { readonly type: "write"; readonly by: number };

export const sharedActs: fc.Arbitrary<Shared> = fc.oneof(
  fc.record({ type: fc.constant("read" as const) }),
  fc.record({ type: fc.constant("write" as const), by: fc.integer({ min: 1, max: 3 }) }),
);

export const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ type: fc.constant("add" as const), by: fc.integer({ min: 1, max: 9 }) }),
  fc.record({
    type: fc.constant("order" as const),
    daysAhead: fc.constantFrom(0, 1, 2, 30, 40),
    what: fc.integer({ min: 0, max: 2 }),
  }),
  fc.record({ type: fc.constant("item" as const), share: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ type: fc.constant("forget" as const) }),
  fc.record({ type: fc.constant("ticket" as const) }),
);

/** What is not the functions' doing, and makes no difference. */
export interface Whims {
  /** Whether the set-up restarts sequences. */
  readonly restarts: boolean;
  /** Whether times are cut to seconds. */
  readonly cut: boolean;
  /** How many numbers of a sequence are lost before each insert, over and over. */
  readonly gaps: readonly number[];
  /** Milliseconds that each step takes, over and over. */
  readonly pauses: readonly number[];
  /** Milliseconds from an execution to the judgement of it. */
  readonly lateMs: number;
}

export const whims: fc.Arbitrary<Whims> = fc.record({
  restarts: fc.boolean(),
  cut: fc.boolean(),
  gaps: fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 5 }),
  pauses: fc.array(fc.constantFrom(0, 1, 7, 400, 999, 1000, 61_000), { minLength: 1, maxLength: 5 }),
  lateMs: fc.constantFrom(0, 3, 5_000, 70_000),
});

const column = (name: string, content: Column["content"], keyOf?: string): Column => ({
  name,
  quoted: name,
  content,
  keyOf,
});

const catalogue: Catalogue = {
  dialect: "postgres",
  sequences: ["orders_id_seq", "items_id_seq", "tickets_seq"],
  tables: [
    {
      name: "accounts",
      quoted: "accounts",
      primaryKey: ["id"],
      autoIncrement: undefined,
      columns: [column("id", "exact"), column("balance", "exact"), column("ratio", "float")],
    },
    {
      name: "items",
      quoted: "items",
      primaryKey: ["id"],
      autoIncrement: undefined,
      columns: [
        column("id", "exact", "items.id"),
        column("order_id", "exact", "orders.id"),
        column("share", "exact"),
        column("about", "text"),
      ],
    },
    {
      name: "orders",
      quoted: "orders",
      primaryKey: ["id"],
      autoIncrement: undefined,
      columns: [
        column("id", "exact", "orders.id"),
        column("customer", "text"),
        column("created", "text"),
        column("expires", "text"),
        column("token", "text"),
        column("data", "text"),
      ],
    },
  ],
};

type Cells = Record<string, string>;

/** A database in memory that an oracle can ask, with a clock of its own. */
export class SmallWorld {
  readonly clock: VirtualClock = virtualClock(new Date(Date.UTC(2026, 10, 28, 23, 58, 30)));
  readonly oracle: SerialOracle;
  readonly #programs: readonly (readonly Act[])[];
  readonly #whims: Whims;
  readonly #tables = new Map<string, Cells[]>();
  readonly #sequences = new Map([
    ["orders_id_seq", 0],
    ["items_id_seq", 0],
    ["tickets_seq", 0],
  ]);
  readonly #remembered = new Map<number, number>();
  #draws = 0;
  #inserts = 0;
  #steps = 0;
  /** Gaps are made by what runs at the same time: there are none in a serial run. */
  #gapped = false;

  constructor(programs: readonly (readonly Act[])[], whim: Whims) {
    this.#programs = programs;
    this.#whims = whim;
    this.oracle = serialOracle({
      sessions: programs.length,
      catalogue,
      clock: { ...this.clock, sleep: (ms) => this.clock.advance(ms) },
      ask: this.#ask,
      run: async (order, prepare) => {
        this.#setUp();
        await prepare();
        return this.#play(order.flatMap((session) => [...this.#stepsOf(session)]));
      },
    });
  }

  /** @param turns which session has the next step; a session whose steps are over has none */
  async interleaved(turns: readonly number[], lateMs = 0): Promise<Outcome> {
    this.#setUp();
    this.#gapped = true;
    const left = this.#programs.map((_, session) => [...this.#stepsOf(session)]);
    const steps = turns.flatMap((turn) => left[turn % left.length]?.splice(0, 1) ?? []);
    const outcome = await this.#play([...steps, ...left.flat()]);
    this.#gapped = false;
    await this.clock.advance(lateMs);
    return outcome;
  }

  /** Changes what a session has stored under a number of its own. */
  corrupt(outcome: Outcome, session: number): Outcome {
    const tables = new Map(outcome.state.tables);
    const accounts = tables.get("accounts");
    if (accounts?.type !== "rows") throw new Error("there are accounts");
    const rows = accounts.rows.map((row) =>
      row[0] === String(session + 1) ? [row[0], String(Number(row[1]) + 1), row[2] ?? null] : row,
    );
    return { ...outcome, state: { tables: tables.set("accounts", { type: "rows", rows }) } };
  }

  #setUp(): void {
    this.#tables.clear();
    this.#remembered.clear();
    this.#rows("accounts").push({ id: "0", balance: "0", ratio: "0.5" });
    if (this.#whims.restarts) for (const name of this.#sequences.keys()) this.#sequences.set(name, 0);
    for (const session of this.#programs.keys())
      this.#rows("accounts").push({ id: String(session + 1), balance: "100", ratio: "0.1" });
    this.#rows("orders").push(this.#order("old", 30));
    // From here on it goes in step with the keys of orders, where there are no gaps.
    this.#next("tickets_seq");
  }

  *#stepsOf(session: number): Generator<{ readonly session: number; readonly act: Act | undefined }> {
    for (const act of this.#programs[session] ?? []) yield { session, act };
    yield { session, act: undefined };
  }

  async #play(
    steps: readonly { readonly session: number; readonly act: Act | undefined }[],
  ): Promise<Outcome> {
    const answers = new Map<number, unknown[]>();
    const sessions: SessionEnding[] = [];
    for (const { session, act } of steps) {
      const { pauses } = this.#whims;
      await this.clock.advance(pauses[this.#steps++ % pauses.length] ?? 0);
      const answer = answers.get(session) ?? [];
      answers.set(session, answer);
      if (act === undefined)
        sessions[session] = { type: "returned", value: { answer, at: this.clock.date() } };
      else answer.unshift(this.#act(session, act));
    }
    return { sessions, state: this.#state() };
  }

  #act(session: number, act: Act): unknown {
    const orders = this.#rows("orders");
    const own = orders.findLast(({ customer }) => customer === `c${session}`);
    const shared = this.#rows("accounts")[0]!;
    switch (act.type) {
      case "read":
        this.#remembered.set(session, Number(shared.balance));
        return { read: shared.balance };
      case "write":
        shared.balance = String((this.#remembered.get(session) ?? 0) + act.by);
        return undefined;
      case "add": {
        const account = this.#rows("accounts").find(({ id }) => id === String(session + 1))!;
        account.balance = String(Number(account.balance) + act.by);
        account.ratio = String(Number(account.ratio) + (this.#draws++ % 3) * 1e-14);
        return { balance: Number(account.balance), ratio: Number(account.ratio) };
      }
      case "order": {
        const made = this.#order(`c${session}`, act.daysAhead);
        orders.push(made);
        return { id: Number(made.id), text: `order ${made.id ?? ""}`, made, kind: act.what };
      }
      case "item": {
        if (own === undefined) return null;
        const id = this.#next("items_id_seq");
        const about = `${act.share} of ${own.id ?? ""}`;
        this.#rows("items").push({ id, order_id: own.id!, share: String(act.share), about });
        return [own.id, id];
      }
      case "ticket":
        return { ticket: Number(this.#next("tickets_seq")) };
      case "forget": {
        if (own === undefined) return false;
        orders.splice(orders.indexOf(own), 1);
        this.#tables.set(
          "items",
          this.#rows("items").filter(({ order_id: of }) => of !== own.id),
        );
        return own.id;
      }
    }
  }

  #order(customer: string, daysAhead: number): Cells {
    const id = this.#next("orders_id_seq");
    const now = this.clock.date().getTime();
    const expires = this.#time(now + daysAhead * 86_400_000);
    const token = (this.#draws++).toString(16).padStart(12, "0");
    return {
      id,
      customer,
      created: this.#time(now),
      expires: daysAhead === 30 ? expires.slice(0, 10) : expires,
      token: `00000000-0000-4000-8000-${token}`,
      data: JSON.stringify({ order: id, until: expires, tags: ["a", customer] }),
    };
  }

  #time(ms: number): string {
    const text = new Date(ms).toISOString();
    return this.#whims.cut ? text.slice(0, 19).replace("T", " ") : text;
  }

  #next(sequence: string): string {
    const { gaps } = this.#whims;
    const gap = this.#gapped ? (gaps[this.#inserts++ % gaps.length] ?? 0) : 0;
    const next = (this.#sequences.get(sequence) ?? 0) + 1 + gap;
    this.#sequences.set(sequence, next);
    return String(next);
  }

  #rows(table: string): Cells[] {
    const rows = this.#tables.get(table) ?? [];
    this.#tables.set(table, rows);
    return rows;
  }

  #state(): State {
    return {
      tables: new Map(
        catalogue.tables.map(({ name, columns }) => [
          name,
          {
            type: "rows",
            rows: this.#rows(name).map((row) => columns.map((each) => row[each.name] ?? null)),
          },
        ]),
      ),
    };
  }

  readonly #ask: Ask = async (sql): Promise<readonly Row[]> => {
    const setval = /setval\('(\w+)'/.exec(sql);
    if (setval !== null) {
      const [, name = ""] = setval;
      const by = Number(/last_value \+ (\d+) \*/.exec(sql)?.[1]);
      this.#sequences.set(name, (this.#sequences.get(name) ?? 0) + by);
      return [];
    }
    const from = / from (\w+)/.exec(sql)?.[1] ?? "";
    const position = this.#sequences.get(from);
    if (position !== undefined) return [{ position: String(position) }];
    const table = this.#state().tables.get(from);
    if (table?.type !== "rows") throw new Error(`the world does not understand: ${sql}`);
    return table.rows.map((row) => Object.fromEntries(row.map((cell, i) => [`c${i}`, cell])));
  };
}
