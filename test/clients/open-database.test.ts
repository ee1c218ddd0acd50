import { createServer, type AddressInfo, type Server } from "node:net";

import { describe, expect, test } from "vitest";

import { EnvironmentError } from "../../src/clients/database-error.ts";
import { openDatabase } from "../../src/clients/open-database.ts";
import { clock, freshRun, withDatabase } from "../support/databases.ts";
import { serverUrls } from "../support/servers.ts";

async function refusal(url: string, connectTimeoutMs = 10_000): Promise<EnvironmentError> {
  const error: unknown = await openDatabase({ url, run: freshRun(), clock, connectTimeoutMs }).then(
    () => new Error("it opened"),
    (reason: unknown) => reason,
  );
  if (error instanceof EnvironmentError) return error;
  throw error;
}

/** A port where somebody listens who answers like this, or nobody when there is no answer. */
async function port(
  onConnection: Parameters<typeof createServer>[1],
): Promise<{ port: number; server: Server }> {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, server };
}

describe.each(serverUrls())("a $kind that cannot be had", (server) => {
  const url = new URL(server.url);
  const { port: serverPort } = url;
  const scheme = url.protocol;

  function changed(change: (url: URL) => void): string {
    const copy = new URL(server.url);
    change(copy);
    return copy.href;
  }

  test("a wrong password", async () => {
    const error = await refusal(changed((u) => (u.password = "hunter2")));
    expect(error.message).toContain(`127.0.0.1:${serverPort}`);
    expect(error.message).toMatch(/does not accept this user name and password/);
    expect(error.message + String(error.cause)).not.toContain("hunter2");
    expect(error.cause).toBeInstanceOf(Error);
  });

  test("a port where nobody listens", async () => {
    const closed = await port(() => undefined);
    await new Promise((resolve) => closed.server.close(resolve));
    const error = await refusal(changed((u) => (u.port = String(closed.port))));
    expect(error.message).toContain(`Nothing listens at 127.0.0.1:${closed.port}`);
  });

  test("localhost, where several addresses refuse", async () => {
    const closed = await port(() => undefined);
    await new Promise((resolve) => closed.server.close(resolve));
    const error = await refusal(`${scheme}//root@localhost:${closed.port}`);
    expect(error.message).toContain(`Nothing listens at localhost:${closed.port}`);
  });

  test("a port where nobody answers", async () => {
    const silent = await port(() => undefined);
    try {
      const error = await refusal(
        changed((u) => (u.port = String(silent.port))),
        200,
      );
      expect(error.message).toContain(`No database answers at 127.0.0.1:${silent.port}`);
    } finally {
      silent.server.close();
    }
  });

  test("a port where somebody hangs up", async () => {
    const rude = await port((socket) => {
      socket.on("error", () => undefined);
      socket.destroy();
    });
    try {
      const error = await refusal(changed((u) => (u.port = String(rude.port))));
      expect(error.message).toContain(`127.0.0.1:${rude.port}`);
      expect(error.message).toMatch(/ended the connection before it was ready/);
    } finally {
      rude.server.close();
    }
  });

  test("an unknown host", async () => {
    const error = await refusal(changed((u) => (u.hostname = "no-such-host.invalid")));
    expect(error.message).toMatch(/The host of no-such-host\.invalid:\d+.* cannot be found/);
  });

  test("an unknown database", async () => {
    const error = await refusal(changed((u) => (u.pathname = "/nowhere")));
    expect(error.message).toMatch(/no such database at 127\.0\.0\.1:\d+\/nowhere/);
  });

  test("TLS that the server does not offer", async () => {
    const error = await refusal(`${server.url}?sslmode=require`);
    expect(error.message).toMatch(/offers no encryption: leave ssl-?mode out of the URL/);
  });

  test("a user without the right to create the namespace", async () => {
    const user = `u${freshRun()}`;
    const mysql = server.dialect === "mysql";
    await withDatabase(server, async (database) => {
      await database.execute(
        mysql ? [`create user ${user}@'%' identified by 'pw'`] : [`create role ${user} login password 'pw'`],
      );
      try {
        const error = await refusal(
          changed((u) => {
            u.username = user;
            u.password = "pw";
          }),
        );
        expect(error.message).toMatch(/The user may not create the \w+ isolab_\w+ at .*: grant it the right/);
        expect(error.message).not.toContain(user);
      } finally {
        await database.execute([mysql ? `drop user ${user}@'%'` : `drop role ${user}`]);
      }
    });
  });

  test("an URL parameter that does nothing is told", async () => {
    const warnings: string[] = [];
    await withDatabase({ ...server, url: `${server.url}?schema=public` }, () => Promise.resolve(), {
      onWarning: (sentence) => warnings.push(sentence),
    });
    expect(warnings).toEqual(["The URL parameter schema is not known here and does nothing."]);
  });
});

test("another kind of URL, a run or a setting that cannot be are refused before anybody is asked", async () => {
  await expect(openDatabase({ url: "sqlite:///x", run: "a1", clock })).rejects.toThrow(EnvironmentError);
  const url = "postgres://nobody@no-such-host.invalid/x";
  await expect(openDatabase({ url, run: "A B", clock })).rejects.toThrow(/cannot name a run/);
  await expect(openDatabase({ url, run: "a1", clock, settings: { "a;b": "1" } })).rejects.toThrow(
    /no name of a server variable/,
  );
});

test.each(["verify-ca", "verify-full"])(
  "a certificate that is to be checked (%s) is refused through a proxy, before anything is sent",
  async (mode) => {
    const opened = openDatabase({
      url: `postgres://user:secret@db.example:5432/app?sslmode=${mode}`,
      run: freshRun(),
      clock,
      through: { host: "127.0.0.1", port: 1 },
    });
    const error: unknown = await opened.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(String(error)).toMatch(/db\.example:5432\/app asks for verify-.*: ask for require instead/);
    expect(String(error)).not.toMatch(/secret/);
  },
);
