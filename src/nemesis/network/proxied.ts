import type { Arena } from "../arena.ts";
import type { Proxy } from "../proxy/proxy.ts";

/** The proxy of a fault that says it needs one. @throws Error when whoever opened the arena has not heeded that */
export function proxied({ proxy }: Arena): Proxy {
  if (proxy === null)
    throw new Error("a fault of the network strikes only sessions that come through a proxy");
  return proxy;
}

/** A whole number, uniformly from the first to the last, both included. */
export function between(rng: { int(bound: number): number }, first: number, last: number): number {
  return first + rng.int(last - first + 1);
}
