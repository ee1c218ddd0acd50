import type { Holder } from "./call.ts";
import { currentHolder } from "./holder-context.ts";
import { hearClient } from "./own-query.ts";
import { bound, boundCallback, patchMethod, type Method } from "./patch.ts";

/**
 * Pools hand over connections: a session that waits for one is known to wait, and its callback is called as its own
 * code, not as that of whoever has given the connection back.
 */

/** `pg-pool`: `connect` with a promise or a callback. @returns what undoes it */
export function instrumentPgPool(prototype: object): () => void {
  return patchMethod(prototype, "connect", (original) => {
    return function connect(this: unknown, ...args: unknown[]): unknown {
      const holder = currentHolder();
      if (holder === undefined) return original.apply(this, bound(args));
      const pool = this as {
        _isFull?(): boolean;
        readonly _idle?: readonly unknown[];
        readonly _pendingQueue?: readonly unknown[];
      };
      // Idle connections are for those that wait already.
      const spoken = (pool._idle?.length ?? 0) <= (pool._pendingQueue?.length ?? 0);
      const full = pool._isFull?.() === true && spoken;
      const [callback] = args;
      if (typeof callback === "function") {
        const hand: Method = function hand(this: unknown, ...args) {
          hearClient(args[1]);
          return (callback as Method).apply(this, args);
        };
        const giveBack = ([, , release]: readonly unknown[]): void => {
          (release as Method | undefined)?.();
        };
        return original.call(this, handedOver(holder, full, hand, giveBack));
      }
      return settled(original.call(this), holder, full, release, hearClient);
    };
  });
}

/** The pool of `mysql2`: `getConnection`. @returns what undoes it */
export function instrumentMysqlPool(prototype: object): () => void {
  return patchMethod(prototype, "getConnection", (original) => {
    return function getConnection(this: unknown, ...args: unknown[]): unknown {
      const holder = currentHolder();
      const [callback] = args;
      if (holder === undefined || typeof callback !== "function") return original.apply(this, bound(args));
      const pool = this as {
        readonly config?: { readonly connectionLimit?: number };
        readonly _freeConnections?: { readonly length: number };
        readonly _allConnections?: { readonly length: number };
      };
      const limit = pool.config?.connectionLimit ?? 0;
      const full =
        limit > 0 && pool._freeConnections?.length === 0 && (pool._allConnections?.length ?? 0) >= limit;
      return original.call(
        this,
        handedOver(holder, full, callback as Method, ([, connection]) => {
          release(connection);
        }),
      );
    };
  });
}

/** `tarn`, the pool of Knex. @returns what undoes it */
export function instrumentTarn(prototype: object): () => void {
  return patchMethod(prototype, "acquire", (original) => {
    return function acquire(this: unknown, ...args: unknown[]): unknown {
      const holder = currentHolder();
      const pool = this as { numFree?(): number; numUsed?(): number; readonly max?: number };
      const full = pool.numFree?.() === 0 && (pool.numUsed?.() ?? 0) >= (pool.max ?? Infinity);
      const pending = original.apply(this, args) as { readonly promise: Promise<unknown>; abort?(): void };
      if (holder === undefined) return pending;
      const over = holder.awaitsConnection(full, () => pending.abort?.());
      const end = (): void => {
        over();
      };
      void pending.promise.then(end, end);
      return pending;
    };
  });
}

/** `sequelize-pool`. @returns what undoes it */
export function instrumentSequelizePool(prototype: object): () => void {
  return patchMethod(prototype, "acquire", (original) => {
    return function acquire(this: unknown, ...args: unknown[]): unknown {
      const holder = currentHolder();
      if (holder === undefined) return original.apply(this, args);
      const pool = this as {
        readonly available?: number;
        readonly size?: number;
        readonly maxSize?: number;
        release?(connection: unknown): void;
      };
      const full = pool.available === 0 && (pool.size ?? 0) >= (pool.maxSize ?? Infinity);
      return settled(original.apply(this, args), holder, full, (connection) => pool.release?.(connection));
    };
  });
}

/** A callback that is called as the session's code. Whoever has given up waiting gives back what comes too late. */
function handedOver(
  holder: Holder,
  full: boolean,
  callback: Method,
  giveBack: (args: readonly unknown[]) => void,
): Method {
  let hasGivenUp = false;
  const tell = boundCallback(callback);
  const over = holder.awaitsConnection(full, (error) => {
    hasGivenUp = true;
    tell(error, undefined, () => undefined);
  });
  return function handOver(this: unknown, ...args: unknown[]): void {
    over(() => {
      if (hasGivenUp) giveBack(args);
      else tell.apply(this, args);
    });
  };
}

/** The same, of a promise. @param hand called before the connection is handed over */
function settled(
  promise: unknown,
  holder: Holder,
  full: boolean,
  giveBack: (connection: unknown) => void,
  hand?: (connection: unknown) => void,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let hasGivenUp = false;
    const over = holder.awaitsConnection(full, (error) => {
      hasGivenUp = true;
      reject(error);
    });
    (promise as Promise<unknown>).then(
      (connection) => {
        over(() => {
          if (hasGivenUp) {
            giveBack(connection);
            return;
          }
          hand?.(connection);
          resolve(connection);
        });
      },
      (error: unknown) => {
        over(() => {
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what a pool says is passed on
          reject(error);
        });
      },
    );
  });
}

function release(connection: unknown): void {
  (connection as { release?(): void } | undefined)?.release?.();
}
