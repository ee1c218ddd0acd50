import type { Loss } from "../proxy/proxy.ts";
import { everyDatabase, type Nemesis } from "../nemesis.ts";
import { isCommit } from "./is-commit.ts";
import { proxied } from "./proxied.ts";

/** How long a fault lies in wait for a COMMIT. */
const patienceMs = 1_000;

/** The next COMMIT never reaches the server, and its connection is cut: it was not carried out, and its client cannot know. */
export const loseCommitRequest: Nemesis = loseCommit({
  name: "lose-commit-request",
  summary: "the next COMMIT is lost on its way to the server, and its connection is cut",
  what: "request",
  did: "lost the request of a COMMIT",
});

/** The next COMMIT is carried out, and its connection cut before the answer: its client cannot know. */
export const loseCommitReply: Nemesis = loseCommit({
  name: "lose-commit-reply",
  summary: "the answer to the next COMMIT is lost, and its connection is cut",
  what: "reply",
  did: "lost the reply of a COMMIT",
});

/** The next COMMIT is carried out, and its answer never comes: its client waits until it gives up. */
export const silenceCommit: Nemesis = loseCommit({
  name: "silence-commit",
  summary: "the next COMMIT is never answered, and its connection stays until the client gives up",
  what: "silence",
  did: "kept back the reply of a COMMIT",
});

function loseCommit({
  name,
  summary,
  what,
  did,
}: Pick<Nemesis, "name" | "summary"> & { readonly what: Loss; readonly did: string }): Nemesis {
  return {
    name,
    summary,
    databases: everyDatabase,
    needs: what === "silence" ? ["proxy", "answer-timeout"] : ["proxy"],
    strike: async (arena) => {
      const proxy = proxied(arena);
      const enough = new AbortController();
      const lost = proxy.lose(what, isCommit, { until: AbortSignal.any([arena.until, enough.signal]) });
      const patience = arena.clock.sleep(patienceMs, enough.signal).catch(() => undefined);
      await Promise.race([lost, patience]);
      enough.abort();
      return (await lost) ? { did } : null;
    },
  };
}
