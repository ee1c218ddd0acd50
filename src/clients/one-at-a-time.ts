import { rewired } from "./rewired.ts";
import type { Wire } from "./wire.ts";

/** The same wire for whoever may ask again before the last answer has come. */
export function oneAtATime(wire: Wire): Wire {
  let last: Promise<unknown> = Promise.resolve();
  return rewired(wire, {
    send: (sql, params) => {
      const answer = last.then(() => wire.send(sql, params));
      last = answer.catch(() => undefined);
      return answer;
    },
    sendTogether: undefined,
  });
}
