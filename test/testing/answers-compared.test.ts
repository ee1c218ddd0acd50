import { expect } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import type { RaceResult } from "../../src/testing/race-result.ts";
import type { Access } from "../support/access.ts";
import { describeUsualApps } from "../support/app-test.ts";

const setup =
  "drop table if exists seat; create table seat (id int primary key, owner text); insert into seat values (1, null)";

/** Two buy one seat: whoever comes first looks and writes, and so may the other in between. */
function sale(
  app: Access,
  as: (sold: boolean) => unknown,
  ignore: readonly string[] = [],
): Promise<RaceResult> {
  const sell = (who: string) => async (): Promise<unknown> => {
    const { rows } = await app.query("select owner from seat where id = 1");
    if (rows[0]?.owner !== null) return as(false);
    await app.query("update seat set owner = $1 where id = 1", [who]);
    return as(true);
  };
  return explore(app.database, { setup, sessions: [sell("ann"), sell("bob")], diagnose: false, ignore });
}

class Ticket {
  readonly #sold: boolean;

  constructor(sold: boolean) {
    this.#sold = sold;
  }

  get sold(): boolean {
    return this.#sold;
  }
}

class Sealed {
  readonly #sold: boolean;

  constructor(sold: boolean) {
    this.#sold = sold;
  }

  open(): boolean {
    return this.#sold;
  }
}

describeUsualApps("what $name on $kind answers is compared", (test) => {
  const told: readonly (readonly [string, (sold: boolean) => unknown])[] = [
    ["the status of a Response", (sold) => new Response(null, { status: sold ? 200 : 409 })],
    ["the body of a Response within an object", (sold) => ({ response: Response.json({ sold }) })],
    ["an object of a class with private fields", (sold) => new Ticket(sold)],
  ];
  for (const [name, as] of told)
    test(name, async (app) => {
      const result = await sale(app, as);
      expect(result.valid).toBe(false);
      expect(result.finding?.message).toMatch(/result\S* of \w+/);
    });

  test("or a note says that it cannot be, and these are not all that could be seen", async (app) => {
    const result = await sale(app, (sold) => ({ seat: 1, sealed: new Sealed(sold) }));
    expect(result).toMatchObject({ valid: true, complete: false });
    expect(result.notes.join()).toMatch(
      /What session 0 answered was not compared in result\.sealed\.#sold: the private field #sold of a Sealed/,
    );
  });

  test("unless it is said that it does not matter", async (app) => {
    const result = await sale(app, (sold) => ({ seat: 1, sealed: new Sealed(sold) }), ["result.sealed"]);
    expect(result).toMatchObject({ valid: true, complete: true, notes: [] });
  });

  test("and invariants are still given a Response whose body nobody has read", async (app) => {
    const bodies: unknown[] = [];
    const result = await explore(app.database, {
      setup,
      sessions: [1, 2].map(() => async () => {
        await app.query("update seat set owner = 'ann' where id = 1");
        return Response.json({ sold: true });
      }),
      invariant: async (_, endings) => {
        for (const ending of endings) if (ending.type === "returned") bodies.push(await ending.value.json());
      },
    });
    expect(result).toMatchObject({ valid: true, complete: true, notes: [] });
    expect(bodies).toContainEqual({ sold: true });
  });
});
