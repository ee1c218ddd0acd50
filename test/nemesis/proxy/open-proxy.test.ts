import { connect } from "node:net";
import { describe, expect, test } from "vitest";

import { AnswerTimeout } from "../../../src/clients/answer-timeout.ts";
import { openWire } from "../../../src/clients/postgres/wire.ts";
import { parseTarget } from "../../../src/clients/target.ts";
import { openProxy } from "../../../src/nemesis/proxy/open-proxy.ts";
import { stream } from "../../../src/random/rng.ts";
import { clock, failure, serverOf, withDatabase, withSessions } from "../../support/databases.ts";
import { serverUrls } from "../../support/servers.ts";
import { changed, isCommit, never, throughProxy, timed, valueOf } from "./support.ts";

const lost = { cause: "connection-lost", code: undefined, connectionLost: true };
const gaveUp = { cause: "answer-timeout", code: undefined, connectionLost: true };

describe.each(serverUrls())("a proxy before $kind", (server) => {
  const sleep = server.dialect === "mysql" ? "select sleep(30)" : "select pg_sleep(30)";

  test("the sessions of a run come through it, and the control session does not", async () => {
    await throughProxy(server, async (proxy, database) => {
      expect(proxy.reset()).toBe(0);
      await withSessions(database, "read-committed", 2, async (a, b) => {
        expect(a.localPort).toBeGreaterThan(0);
        expect(a.localPort).not.toBe(b.localPort);
        expect((await a.query("select $1 as text", ["ünï"])).rows).toEqual([{ text: "ünï" }]);
        expect(proxy.reset()).toBe(2);
        const error = await failure(a.query("select 1"));
        expect(error.fields).toMatchObject(lost);
        await failure(b.query("select 1"));
      });
      expect(await valueOf(database)).toBe(10);
    });
  });

  test("large statements and answers come through whole, throttled or not", async () => {
    await throughProxy(server, async (proxy, database) => {
      await withSessions(database, "read-committed", 1, async (a) => {
        const text = "0123456789".repeat(400_000);
        for (const conduct of [{}, { delayMs: 1, jitterMs: 2 }]) {
          proxy.conduct(conduct);
          const { rows } = await a.query<{ text: string }>("select $1 as text", [text]);
          expect(rows[0]?.text === text).toBe(true);
        }
      });
    });
  });

  test("delay holds each way, keeps the order, and ends with healing", async () => {
    await throughProxy(server, async (proxy, database) => {
      await withSessions(database, "read-committed", 1, async (a) => {
        proxy.conduct({ delayMs: 40, jitterMs: 20 });
        expect(await timed(() => a.query("select 1"))).toBeGreaterThanOrEqual(79);
        const { rows } = await a.beginWith("read-committed", "select 7 as seven");
        expect(rows).toEqual([{ seven: 7 }]);
        await a.commit();
        proxy.conduct({ delayMs: 20_000 });
        const held = a.query("select 8 as eight");
        await clock.sleep(20);
        proxy.heal();
        expect(await timed(() => held)).toBeLessThan(1_000);
        expect((await held).rows).toEqual([{ eight: 8 }]);
        expect(await timed(() => a.query("select 1"))).toBeLessThan(40);
      });
    });
  });

  test("a narrow line takes its time", async () => {
    await throughProxy(server, async (proxy, database) => {
      await withSessions(database, "read-committed", 1, async (a) => {
        proxy.conduct({ bytesPerSecond: 10_000 });
        const text = "x".repeat(1_000);
        expect(await timed(() => a.query("select $1 as text", [text]))).toBeGreaterThanOrEqual(190);
        proxy.heal();
        expect(await timed(() => a.query("select $1 as text", [text]))).toBeLessThan(100);
      });
    });
  });

  test("a statement that is held back never reaches the server once its client is gone", async () => {
    await throughProxy(
      server,
      async (proxy, database) => {
        const a = await database.connect("read-committed");
        proxy.conduct({ delayMs: 300 });
        const error = await failure(a.query("update account set value = 11 where id = 1"));
        expect(error.fields).toEqual({ ...gaveUp, phase: "autocommit", outcome: "indeterminate" });
        // The server's session is told of the end at once.
        await a.close();
        expect(await database.sessionsLeft()).toBe(0);
        await clock.sleep(300);
        proxy.heal();
        expect(await valueOf(database)).toBe(10);
      },
      { answerTimeoutMs: 100 },
    );
  });

  test("in silence nothing arrives and nobody is told; who gave up is cut at the end, and so are its locks", async () => {
    await throughProxy(
      server,
      async (proxy, database) => {
        const quiet = await database.connect("read-committed");
        const a = await changed(database);
        proxy.conduct({ silent: true });
        expect((await failure(a.commit())).fields).toEqual({
          ...gaveUp,
          phase: "commit",
          outcome: "indeterminate",
        });
        expect(a.usable).toBe(false);
        await a.close();
        // The server has not been told.
        expect(await database.sessionsLeft()).toBe(2);
        proxy.heal();
        expect((await quiet.query("select value from account where id = 1")).rows).toEqual([{ value: 10 }]);
        const [waited] = await Promise.all([
          timed(() => quiet.query("update account set value = 12 where id = 1")),
        ]);
        expect(waited).toBeLessThan(300);
        await quiet.close();
        expect(await database.sessionsLeft()).toBe(0);
      },
      { answerTimeoutMs: 300 },
    );
  });

  test("an answer that takes too long is given up: definite before COMMIT was sent, in doubt after", async () => {
    await throughProxy(
      server,
      async (_, database) => {
        const a = await database.connect("read-committed");
        const b = await database.connect("read-committed");
        await a.begin("read-committed");
        const [inside, alone] = await Promise.all([failure(a.query(sleep)), failure(b.query(sleep))]);
        expect(inside.fields).toEqual({ ...gaveUp, phase: "statement", outcome: "definite" });
        expect(alone.fields).toEqual({ ...gaveUp, phase: "autocommit", outcome: "indeterminate" });
        expect((await failure(a.commit())).fields).toMatchObject({ ...gaveUp, outcome: "definite" });
        for (const session of [a, b]) {
          await session.close();
          await database.killAndWait(session.sessionId);
        }
      },
      { answerTimeoutMs: 100 },
    );
  });

  test.each([
    ["request", "connection-lost", 10],
    ["reply", "connection-lost", 11],
    ["silence", "answer-timeout", 11],
  ] as const)(
    "a COMMIT whose %s is lost is in doubt (%s): the row is %i then",
    async (what, cause, value) => {
      await throughProxy(
        server,
        async (proxy, database) => {
          const a = await changed(database);
          const b = await database.connect("read-committed");
          const happened = proxy.lose(what, isCommit, { clientPort: a.localPort, until: never });
          // Another one's COMMIT is not meant.
          await b.begin("read-committed");
          await b.query("update account set value = 21 where id = 2");
          await b.commit();
          const error = await failure(a.commit());
          expect(error.fields).toEqual({
            cause,
            phase: "commit",
            outcome: "indeterminate",
            connectionLost: true,
            code: undefined,
          });
          expect(await happened).toBe(true);
          // At once: a reply that is lost was on its way.
          if (what !== "request") expect(await valueOf(database)).toBe(value);
          await database.killAndWait(a.sessionId);
          expect(await valueOf(database)).toBe(value);
          // It happens once.
          await b.begin("read-committed");
          await b.commit();
          await b.close();
          await a.close();
        },
        { answerTimeoutMs: 500 },
      );
    },
  );

  test("a reply is lost when it has come, and not before", async () => {
    await throughProxy(server, async (proxy, database) => {
      const a = await database.connect("read-committed");
      const nap = server.dialect === "mysql" ? "select sleep(0.2)" : "select pg_sleep(0.2)";
      const happened = proxy.lose("reply", (sql) => sql === nap, { until: never });
      expect(await timed(() => failure(a.query(nap)))).toBeGreaterThanOrEqual(190);
      expect(await happened).toBe(true);
      await a.close();
    });
  });

  test("a statement that goes along with BEGIN is lost too, and nothing of it stays", async () => {
    await throughProxy(server, async (proxy, database) => {
      for (const what of ["request", "reply"] as const) {
        const a = await database.connect("read-committed");
        const happened = proxy.lose(what, (sql) => sql.startsWith("update"), { until: never });
        const sql = "update account set value = 11 where id = $1";
        expect((await failure(a.beginWith("read-committed", sql, [1]))).fields).toMatchObject(lost);
        expect(await happened).toBe(true);
        await database.killAndWait(a.sessionId);
        await a.close();
      }
      expect(await valueOf(database)).toBe(10);
    });
  });

  test("who lies in wait in vain is told so, and hits nobody afterwards", async () => {
    await throughProxy(server, async (proxy, database) => {
      const enough = new AbortController();
      const waiting = proxy.lose("request", isCommit, { until: enough.signal });
      const elsewhere = proxy.lose("request", isCommit, { clientPort: 1, until: never });
      enough.abort();
      expect(await waiting).toBe(false);
      expect(await proxy.lose("request", isCommit, { until: enough.signal })).toBe(false);
      const a = await changed(database);
      await a.commit();
      expect(await valueOf(database)).toBe(11);
      await a.close();
      await proxy.close();
      expect(await elsewhere).toBe(false);
    });
  });

  test("a server that is not there costs the connection, and nothing else", async () => {
    const target = { ...parseTarget(server.url), port: 1 };
    const proxy = await openProxy(target, clock, stream("1", "proxy"));
    try {
      await withDatabase(
        server,
        async (database) => {
          const error = await failure(database.connect("read-committed"));
          expect(error.fields).toMatchObject({ phase: "connect", outcome: "definite" });
        },
        { through: proxy },
      );
    } finally {
      await proxy.close();
      await proxy.close();
    }
  });

  test("a client that reads nothing does not keep it from closing", async () => {
    await throughProxy(server, async (proxy) => {
      const client = connect(proxy.port, proxy.host);
      client.on("error", () => undefined);
      client.pause();
      await new Promise((resolve) => client.once("connect", resolve));
      await clock.sleep(20);
      expect(await timed(() => proxy.close())).toBeLessThan(1_000);
      client.destroy();
    });
  });
});

test("after an answer that never comes, no later one is taken for it", async () => {
  const server = serverOf("postgres");
  const target = parseTarget(server.url);
  const proxy = await openProxy(target, clock, stream("1", "proxy"));
  try {
    const route = { address: proxy, answerTimeoutMs: 300 };
    const wire = await openWire({
      target,
      applicationName: "isolab",
      connectTimeoutMs: 10_000,
      clock,
      route,
    });
    const happened = proxy.lose("silence", isCommit, { until: never });
    // This driver sends the second before the first is answered.
    const answers = await Promise.allSettled([wire.send("commit"), wire.send("select pg_sleep(0.05)")]);
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(wire.lost).toBeInstanceOf(AnswerTimeout);
    expect(await happened).toBe(true);
    await wire.end();
  } finally {
    await proxy.close();
  }
});
