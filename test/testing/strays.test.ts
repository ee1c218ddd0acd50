import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";

import { explore } from "../../src/testing/explore-race.ts";
import { describeUsualApps } from "../support/app-test.ts";
import { accounts, addNaively, valueOf } from "../support/race-apps.ts";

describeUsualApps("code that an HTTP server calls, by $name on $kind", (test) => {
  test("is not seen where the server was started before, and proves nothing", async (app) => {
    const { url, close } = await listening(() => addNaively(app, 1));
    const order = async (): Promise<void> => {
      await valueOf(app.query, 2);
      await fetch(url);
    };
    try {
      const result = await explore(app.database, { setup: accounts, sessions: [order, order], schedules: 6 });
      expect(result.valid).toBe("unknown");
      expect(result.notes.join(" ")).toMatch(/came over a connection of the sessions, and from none of them/);
    } finally {
      await close();
    }
  });

  test("is raced where each function starts its own", async (app) => {
    const order = async (): Promise<void> => {
      const { url, close } = await listening(() => addNaively(app, 1));
      await fetch(url);
      await close();
    };
    const { valid } = await explore(app.database, {
      setup: accounts,
      sessions: [order, order],
      diagnose: false,
    });
    expect(valid).toBe(false);
  });
});

describeUsualApps("a queue that the functions share, by $name on $kind", (test) => {
  test("is the other cause that is named where no statement of a session comes by", async (app) => {
    const waiting: (() => Promise<void>)[] = [];
    let isBusy = false;
    const drain = async (): Promise<void> => {
      isBusy = true;
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job();
      isBusy = false;
    };
    const queued = (amount: number): Promise<number> =>
      new Promise((resolve, reject) => {
        waiting.push(() => addNaively(app, amount).then(resolve, reject));
        if (!isBusy) void drain();
      });
    const { valid, notes } = await explore(app.database, {
      setup: accounts,
      sessions: [() => queued(1), () => queued(2)],
      schedules: 4,
    });
    expect(valid).toBe("unknown");
    expect(notes.join(" ")).toMatch(
      /No statement of queued\(\d\) came by: .*from a queue or a loop that another session's call or the test has started: call in the function itself what sends them/,
    );
  });
});

async function listening(
  work: () => Promise<unknown>,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const server = createServer((_, response) => {
    void work().then(
      () => response.end("done"),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
