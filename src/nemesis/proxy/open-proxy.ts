import { connect, createServer, type AddressInfo, type Socket } from "node:net";

import type { Dialect } from "../../clients/database.ts";
import { EnvironmentError } from "../../clients/database-error.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Rng } from "../../random/rng.ts";
import { conversation } from "./conversation.ts";
import { Link } from "./link.ts";
import { losses } from "./losses.ts";
import { healthy, type Conduct, type Proxy } from "./proxy.ts";

const host = "127.0.0.1";

/**
 * Opens a proxy before a server, on a free port of this machine's loopback. Nobody need listen at the server's address
 * yet: each connection is tried anew. After {@link Proxy.close} it keeps no process alive.
 *
 * @param rng for jitter
 * @throws EnvironmentError when this machine gives it no port
 */
export async function openProxy(
  target: { readonly host: string; readonly port: number; readonly dialect: Dialect },
  clock: Clock,
  rng: Rng,
): Promise<Proxy> {
  const links = new Set<Link>();
  /** Of links that have ended too, while what the server said last has not been read. */
  const clients = new Set<Socket>();
  const { lose, take, close } = losses();
  let conduct: Conduct = healthy;
  const around = {
    conduct: () => conduct,
    losses: { lose, take, close },
    clock,
    rng,
    ended: (link: Link) => {
      links.delete(link);
    },
  };
  const listener = createServer({ noDelay: true }, (client) => {
    clients.add(client);
    client.once("close", () => clients.delete(client));
    const server = connect({ host: target.host, port: target.port, noDelay: true });
    links.add(new Link(client, server, conversation(target.dialect), around));
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", (error) => {
      reject(
        new EnvironmentError(
          `This machine gives the proxy no port on ${host} (${error.message}): free one, or run without faults of the network.`,
          { cause: error },
        ),
      );
    });
    listener.listen(0, host, resolve);
  });
  let closed: Promise<void> | undefined;
  return {
    host,
    port: (listener.address() as AddressInfo).port,
    conduct: (changes) => {
      conduct = { ...conduct, ...changes };
    },
    heal: () => {
      conduct = healthy;
      for (const link of [...links]) link.heal();
    },
    reset: () => {
      const open = [...links];
      for (const link of open) link.reset();
      return open.length;
    },
    lose,
    close: () => {
      closed ??= new Promise((resolve) => {
        listener.close(() => {
          resolve();
        });
        close();
        for (const link of [...links]) link.end();
        for (const client of clients) client.destroy();
      });
      return closed;
    },
  };
}
