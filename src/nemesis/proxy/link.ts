import type { Socket } from "node:net";

import type { Clock } from "../../clock/clock.ts";
import type { Rng } from "../../random/rng.ts";
import type { Conversation } from "./conversation.ts";
import { lane, type Lane } from "./lane.ts";
import type { Ambush, Losses } from "./losses.ts";
import type { Conduct } from "./proxy.ts";

/** What a proxied connection shares with the others. */
export interface LinkSurroundings {
  readonly conduct: () => Conduct;
  readonly losses: Losses;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Called once, when it has ended. */
  readonly ended: (link: Link) => void;
}

/** One connection of a client and the one to the server that stands for it. */
export class Link {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #conversation: Conversation;
  readonly #around: LinkSurroundings;
  readonly #clientPort: number | undefined;
  readonly #toServer: Lane;
  readonly #toClient: Lane;
  /** The statement whose answer is being lost, and which answer that is. */
  #losing: { readonly ambush: Ambush; readonly answer: number } | undefined;
  /** Its answer was lost, and nothing goes by any more. */
  #mute = false;
  /** Something was swallowed, so that neither side can go on. */
  #hangs = false;
  #ended = false;

  constructor(client: Socket, server: Socket, conversation: Conversation, around: LinkSurroundings) {
    this.#client = client;
    this.#server = server;
    this.#conversation = conversation;
    this.#around = around;
    this.#clientPort = client.remotePort;
    this.#toServer = lane(client, server, around);
    this.#toClient = lane(server, client, around);
    client.on("data", (chunk: Buffer) => {
      this.#fromClient(chunk);
    });
    server.on("data", (chunk: Buffer) => {
      this.#fromServer(chunk);
    });
    for (const socket of [client, server]) {
      // Without a listener an error would end the process; `close` follows it.
      socket.on("error", () => undefined);
      socket.on("close", () => {
        this.#gone();
      });
    }
  }

  /** Ends both sides; what is held back is dropped. */
  end(): void {
    this.#finish(() => {
      this.#server.destroy();
      // What the server said last is on its way already.
      this.#client.destroySoon();
    });
  }

  /** Ends both sides with RST. */
  reset(): void {
    this.#finish(() => {
      this.#server.resetAndDestroy();
      this.#client.resetAndDestroy();
    });
  }

  /** Sends on what is held back; ends it when something was swallowed. */
  heal(): void {
    if (this.#hangs) this.end();
    this.#toServer.flush();
    this.#toClient.flush();
  }

  #fromClient(chunk: Buffer): void {
    if (this.#swallows()) return;
    const passed: Buffer[] = [];
    for (const { bytes, sql, answer } of this.#conversation.fromClient(chunk)) {
      const ambush = sql === undefined ? undefined : this.#ambush(sql);
      if (ambush?.what === "request") {
        this.end();
        ambush.happened();
        return;
      }
      if (ambush !== undefined) this.#losing = { ambush, answer };
      passed.push(bytes);
    }
    // As one, so that what came together arrives together.
    this.#toServer.send(Buffer.concat(passed));
  }

  /** One at a time: while an answer is being lost, whatever follows is lost with it. */
  #ambush(sql: string): Ambush | undefined {
    return this.#losing === undefined ? this.#around.losses.take(sql, this.#clientPort) : undefined;
  }

  #fromServer(chunk: Buffer): void {
    if (this.#swallows()) return;
    for (const { bytes, answer, ends } of this.#conversation.fromServer(chunk)) {
      const losing = this.#losing;
      if (losing === undefined || answer < losing.answer) this.#toClient.send(bytes);
      else if (ends) {
        this.#lost(losing.ambush);
        return;
      }
    }
  }

  #lost(ambush: Ambush): void {
    if (ambush.what === "silence") {
      this.#mute = true;
      this.#hangs = true;
      this.#losing = undefined;
      ambush.happened();
    } else this.end();
  }

  #swallows(): boolean {
    if (!this.#mute && !this.#around.conduct().silent) return false;
    this.#hangs = true;
    return true;
  }

  #gone(): void {
    if (this.#ended) return;
    if (this.#around.conduct().silent) this.#hangs = true;
    else this.end();
  }

  #finish(end: () => void): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#toServer.close();
    this.#toClient.close();
    end();
    this.#losing?.ambush.happened();
    this.#around.ended(this);
  }
}
