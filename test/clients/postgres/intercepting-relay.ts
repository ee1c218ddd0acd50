import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** Stands between clients and a server, and lets a test decide what reaches the client of what the server sends. */
export interface InterceptingRelay {
  /** The same URL, through the relay. */
  readonly url: string;
  /** From now on the handler decides what is forwarded, and when. */
  intercept(handler: (chunk: Buffer, forward: (part: Buffer) => void) => void): void;
  close(): Promise<void>;
}

export async function interceptingRelay(serverUrl: string): Promise<InterceptingRelay> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
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
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      handle(chunk, (part) => client.write(part));
    });
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
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
