import { AsyncResource } from "node:async_hooks";

import type { Holder } from "./call.ts";
import { currentHolder } from "./holder-context.ts";
import { patchMethod, type Method } from "./patch.ts";

/**
 * Pools hand over connections: a session that waits for one is known to wait, and its callback is called as its own
 * code, not as that of whoever has given the connection back.
 */

/** `pg-pool`: `connect` with a promise or a callback. @returns what undoes it */
export function instrumentPgPool(prototype: object): () => void {
  return patchMethod(prototype, "connect", (original) => {
    return function connect(this: unknown, ...args: unknown[]): unknown {
      const holder = currentHolder();
      if (holder === undefined) return original.apply(this, args);
      const pool = this as { _isFull?(): boolean; readonly _idle?: readonly unknown[] };
      const full = pool._isFull?.() === true && (pool._idle?.length ?? 0) === 0;
      const [callback] = args;
      if (typeof callback === "function")
        return original.call(this, handedOver(holder, full, callback as Method));
      return settled(original.call(this), holder.awaitsConnection(full));
    };
  });
}

/** The pool of `mysql2`: `getConnection`. @returns what undoes it */
export function instrumentMysqlPool(prototype: object): () => void {
  return patchMethod(prototype, "getConnection", (original) => {
    return function getConnection(this: unknown, ...args: unknown[]): unknown {
      const holder = currentHolder();
      const [callback] = args;
      if (holder === undefined || typeof callback !== "function") return original.apply(this, args);
      const pool = this as {
        readonly config?: { readonly connectionLimit?: number };
        readonly _freeConnections?: { readonly length: number };
        readonly _allConnections?: { readonly length: number };
      };
      const limit = pool.config?.connectionLimit ?? 0;
      const full =
        limit > 0 && pool._freeConnections?.length === 0 && (pool._allConnections?.length ?? 0) >= limit;
      return original.call(this, handedOver(holder, full, callback as Method));
    };
  });
}

/** `tarn`, the pool of Knex. @returns what undoes it */
export function instrumentTarn(prototype: object): () => void {
  return patchMethod(prototype, "acquire", (original) => {
    return function acquire(this: unknown, ...args: unknown[]): unknown {
      const holder = currentHolder();
      const pool = this as { numFree?(): number; numUsed?(): number; readonly max?: number };
      const pending = original.apply(this, args) as { readonly promise?: unknown };
      if (holder === undefined) return pending;
      const full = pool.numFree?.() === 0 && (pool.numUsed?.() ?? 0) >= (pool.max ?? Infinity);
      void settled(pending.promise, holder.awaitsConnection(full)).catch(() => undefined);
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
      const pool = this as { readonly available?: number; readonly size?: number; readonly maxSize?: number };
      const full = pool.available === 0 && (pool.size ?? 0) >= (pool.maxSize ?? Infinity);
      return settled(original.apply(this, args), holder.awaitsConnection(full));
    };
  });
}

function handedOver(holder: Holder, full: boolean, callback: Method): Method {
  const over = holder.awaitsConnection(full);
  return AsyncResource.bind(function handOver(this: unknown, ...args: unknown[]): unknown {
    over();
    return callback.apply(this, args);
  });
}

async function settled(promise: unknown, over: () => void): Promise<unknown> {
  try {
    return await promise;
  } finally {
    over();
  }
}
