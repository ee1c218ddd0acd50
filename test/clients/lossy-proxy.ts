import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A TCP proxy in front of a server that can lose or hold back what is sent. */
export interface LossyProxy {
  /** The same URL, through the proxy. */
  readonly url: string;
  /** From now on: `request` cuts before the next request reaches the server, `reply` after it, before the answer. */
  lose(what: "request" | "reply"): void;
  /** From now on the handler decides what reaches the client of what the server sends, and when. */
  intercept(handler: (chunk: Buffer, forward: (part: Buffer) => void) => void): void;
  close(): Promise<void>;
}

export async function lossyProxy(serverUrl: string): Promise<LossyProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let losing: "request" | "reply" | undefined;
  let handle = (chunk: Buffer, forward: (part: Buffer) => void): void => {
    forward(chunk);
  };
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    client.on("data", (chunk) => {
      if (losing === "request") client.destroy();
      else upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      if (losing === "reply") client.destroy();
      else handle(chunk, (part) => client.write(part));
    });
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    lose: (what) => {
      losing = what;
    },
    intercept: (handler) => {
      handle = handler;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}
