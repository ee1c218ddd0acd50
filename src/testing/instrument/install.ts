import { createRequire } from "node:module";

import { forgetHolders, shared } from "./holder-context.ts";
import { instrumentMysqlConnection } from "./mysql2.ts";
import { firstOwnerOf, type Patchable } from "./patch.ts";
import { instrumentPgClient } from "./pg.ts";
import { instrumentMysqlPool, instrumentPgPool, instrumentSequelizePool, instrumentTarn } from "./pools.ts";

/** A class of a library that talks to a database, and how it is instrumented. */
interface Kind {
  /** The path of the module that has it, from the package's name on. */
  readonly module: RegExp;
  /** The class among the module's exports. */
  readonly find: (exports: unknown) => unknown;
  readonly method: string;
  readonly instrument: (prototype: object) => () => void;
}

const kinds: readonly Kind[] = [
  {
    module: /[\\/]pg[\\/]lib[\\/]client\.js$/,
    find: (exports) => exports,
    method: "query",
    instrument: instrumentPgClient,
  },
  {
    module: /[\\/]pg-pool[\\/]index\.js$/,
    find: (exports) => exports,
    method: "connect",
    instrument: instrumentPgPool,
  },
  {
    module: /[\\/]mysql2[\\/]lib[\\/](?:base[\\/])?connection\.js$/,
    find: (exports) => exports,
    method: "addCommand",
    instrument: instrumentMysqlConnection,
  },
  {
    module: /[\\/]mysql2[\\/]lib[\\/](?:base[\\/])?pool\.js$/,
    find: (exports) => exports,
    method: "getConnection",
    instrument: instrumentMysqlPool,
  },
  {
    module: /[\\/]tarn[\\/]dist[\\/]Pool\.js$/,
    find: (exports) => member(exports, "Pool"),
    method: "acquire",
    instrument: instrumentTarn,
  },
  {
    module: /[\\/]sequelize-pool[\\/]lib[\\/]Pool\.js$/,
    find: (exports) => member(exports, "Pool"),
    method: "acquire",
    instrument: instrumentSequelizePool,
  },
];

/** The instruments of one race. */
export interface Instruments {
  /** Looks for drivers again: code may load its own when it first runs. */
  look(): void;
  /** Leaves everything as it was. */
  uninstall(): void;
}

/**
 * Instruments every copy of the drivers and pools that this process has loaded, and the classes of the pool that is
 * at hand, wherever it comes from. Costs nothing when it is undone.
 *
 * @param pool of `pg` or `mysql2`, where there is one
 */
export function installInstruments(pool: object | undefined): Instruments {
  const undo: (() => void)[] = [];
  const seen = installed();
  const add = (prototype: object, { method, instrument }: Kind): void => {
    const owner = firstOwnerOf(prototype, method);
    if (owner === undefined || seen.has(owner)) return;
    seen.add(owner);
    const restore = instrument(owner);
    undo.push(() => {
      seen.delete(owner);
      restore();
    });
  };
  let known = 0;
  const look = (): void => {
    const modules = Object.keys(loadedModules()).length;
    // A pool shows its connections' class when it has one.
    const found = modules === known ? atHand(pool) : [...loaded(), ...atHand(pool)];
    known = modules;
    for (const { kind, prototype } of found) add(prototype, kind);
  };
  look();
  return {
    look,
    uninstall: () => {
      for (const restore of undo.reverse()) restore();
      forgetHolders();
    },
  };
}

/** Prototypes that are instrumented at the moment. */
function installed(): Set<object> {
  return shared("isolab.instrumented", () => new Set<object>());
}

function loadedModules(): NodeJS.Dict<NodeJS.Module> {
  return createRequire(import.meta.url).cache;
}

interface Found {
  readonly kind: Kind;
  readonly prototype: object;
}

/**
 * Every driver and pool here is a CommonJS module, which Node keeps by its file, also when it was imported. In jest
 * `createRequire` shows what the test file has loaded.
 */
function loaded(): readonly Found[] {
  return Object.entries(loadedModules()).flatMap(([file, module]) => {
    const kind = kinds.find((candidate) => candidate.module.test(file));
    const found: unknown = kind?.find(module?.exports);
    return kind !== undefined && isPatchable(found) ? [{ kind, prototype: found.prototype }] : [];
  });
}

/** What can be reached from a pool, where modules are not kept by their files (bundled, or reset by a test runner). */
function atHand(pool: object | undefined): readonly Found[] {
  if (pool === undefined) return [];
  const core = member(pool, "pool") ?? pool;
  const reached: readonly (readonly [string, unknown])[] = [
    ["query", prototypeOf(member(pool, "Client"))],
    ["connect", "Client" in pool ? Object.getPrototypeOf(pool) : undefined],
    ["getConnection", typeof core === "object" ? Object.getPrototypeOf(core) : undefined],
    ["addCommand", firstConnection(core)],
  ];
  return reached.flatMap(([method, prototype]) => {
    const kind = kinds.find((candidate) => candidate.method === method);
    return kind !== undefined && typeof prototype === "object" && prototype !== null
      ? [{ kind, prototype }]
      : [];
  });
}

/** A connection that a pool of `mysql2` has open. */
function firstConnection(core: unknown): unknown {
  const all = member(core, "_allConnections") as
    { readonly length?: number; get?(i: number): unknown } | undefined;
  return (all?.length ?? 0) > 0 ? all?.get?.(0) : undefined;
}

function prototypeOf(candidate: unknown): unknown {
  return isPatchable(candidate) ? candidate.prototype : undefined;
}

function isPatchable(candidate: unknown): candidate is Patchable {
  return (
    typeof candidate === "function" && typeof (candidate as { prototype?: unknown }).prototype === "object"
  );
}

function member(object: unknown, name: string): unknown {
  return (typeof object === "object" || typeof object === "function") && object !== null
    ? (object as Record<string, unknown>)[name]
    : undefined;
}
