import type { Wire } from "./wire.ts";

/** The same wire for whoever may ask again before the last answer has come. */
export function oneAtATime(wire: Wire): Wire {
  let last: Promise<unknown> = Promise.resolve();
  return {
    sessionId: wire.sessionId,
    get localPort() {
      return wire.localPort;
    },
    get lost() {
      return wire.lost;
    },
    get inTransaction() {
      return wire.inTransaction;
    },
    send: (sql, params) => {
      const answer = last.then(() => wire.send(sql, params));
      last = answer.catch(() => undefined);
      return answer;
    },
    end: () => wire.end(),
  };
}
