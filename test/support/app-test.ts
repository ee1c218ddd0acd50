import { test } from "vitest";

import type { Access } from "./access.ts";
import { withAccess, type RaceCase } from "./race-apps.ts";

/** Declares a test that is given an application's access to its database. */
export type AppTest = (name: string, body: (app: Access) => Promise<void>) => void;

/** Declares tests on one way to talk to a server. @param connections of the application's pool */
export function appTest(way: RaceCase, connections?: number): AppTest {
  return (name, body) => {
    test(name, () => withAccess(way, body, connections));
  };
}
