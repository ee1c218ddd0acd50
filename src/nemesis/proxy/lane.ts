import type { Socket } from "node:net";

import type { Clock } from "../../clock/clock.ts";
import type { Rng } from "../../random/rng.ts";
import type { Conduct } from "./proxy.ts";

/** So many bytes may be held back before no more are read. */
const mostHeldBytes = 1_000_000;

/** One direction of a connection: takes bytes and writes them, in their order, as late and as slowly as it is told. */
export interface Lane {
  readonly send: (bytes: Buffer) => void;
  /** Writes at once what is held back. */
  readonly flush: () => void;
  /** Drops what is held back; nothing is written any more. */
  readonly close: () => void;
}

interface Held {
  readonly bytes: Buffer;
  dueNanos: number;
}

/** @param source is paused while `target` does not keep up or much is held back */
export function lane(
  source: Socket,
  target: Socket,
  { conduct, clock, rng }: { readonly conduct: () => Conduct; readonly clock: Clock; readonly rng: Rng },
): Lane {
  const held: Held[] = [];
  let heldBytes = 0;
  /** When the last piece goes on its way. */
  let tailNanos = 0;
  let closed = false;
  let pumping = false;
  let wake = new AbortController();

  const readOnlyWithRoom = (): void => {
    if (heldBytes >= mostHeldBytes || target.writableNeedDrain) source.pause();
    else source.resume();
  };
  target.on("drain", readOnlyWithRoom);

  const write = (bytes: Buffer): void => {
    if (!target.write(bytes)) readOnlyWithRoom();
  };

  const pump = async (): Promise<void> => {
    pumping = true;
    for (let first = held[0]; first !== undefined && !closed; first = held[0]) {
      const leftMs = (first.dueNanos - clock.nanos()) / 1e6;
      if (leftMs > 0) {
        await clock.sleep(leftMs, wake.signal).catch(() => undefined);
        continue;
      }
      held.shift();
      heldBytes -= first.bytes.length;
      write(first.bytes);
      readOnlyWithRoom();
    }
    pumping = false;
  };

  return {
    send: (bytes) => {
      if (closed || bytes.length === 0) return;
      const { delayMs, jitterMs, bytesPerSecond } = conduct();
      if (held.length === 0 && delayMs + jitterMs === 0 && bytesPerSecond === Infinity) {
        write(bytes);
        return;
      }
      const delayNanos = (delayMs + rng.float() * jitterMs) * 1e6;
      tailNanos = Math.max(clock.nanos() + delayNanos, tailNanos) + (bytes.length / bytesPerSecond) * 1e9;
      held.push({ bytes, dueNanos: tailNanos });
      heldBytes += bytes.length;
      readOnlyWithRoom();
      if (!pumping) void pump();
    },
    flush: () => {
      tailNanos = 0;
      for (const piece of held) piece.dueNanos = 0;
      wake.abort();
      wake = new AbortController();
    },
    close: () => {
      closed = true;
      held.length = 0;
      wake.abort();
    },
  };
}
