import { afterAll, beforeAll } from "vitest";

import { startServer, type TestServer } from "../../src/testing/start-server.ts";

/** A server of a file's own, for races; its URL is there once the tests run. */
export interface RaceServer {
  readonly kind: "postgres" | "mariadb";
  readonly url: string;
}

/** One server of each kind, from before the file's tests until after them. */
export function raceServers(...kinds: readonly RaceServer["kind"][]): readonly RaceServer[] {
  const started = new Map<RaceServer["kind"], TestServer>();
  const wanted = kinds.length === 0 ? (["postgres", "mariadb"] as const) : kinds;
  beforeAll(async () => {
    for (const kind of wanted) started.set(kind, await startServer(kind));
  });
  afterAll(async () => {
    for (const server of started.values()) await server.stop();
  });
  return wanted.map((kind) => ({
    kind,
    get url(): string {
      const server = started.get(kind);
      if (server === undefined) throw new Error("the server is not started yet");
      return server.url;
    },
  }));
}
