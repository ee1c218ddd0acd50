/**
 * `isolab/vitest`: `race` in a test of vitest's.
 *
 * @packageDocumentation
 */
export { race } from "./testing/vitest/race.ts";
export { explore } from "./testing/explore-race.ts";
export { RaceError } from "./testing/race.ts";
export { bites, ToothlessError, weaken, type Weakening } from "./testing/weaken.ts";
export { startServer, type TestServer } from "./testing/start-server.ts";
