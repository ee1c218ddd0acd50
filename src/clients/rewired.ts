import type { Wire } from "./wire.ts";

/** The same wire, but for these methods; what it tells of itself is asked of it each time. */
export function rewired(wire: Wire, instead: Partial<Pick<Wire, "send" | "sendTogether" | "end">>): Wire {
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
    send: (sql, params) => wire.send(sql, params),
    sendTogether: wire.sendTogether?.bind(wire),
    end: () => wire.end(),
    ...instead,
  };
}
