import { describe, test } from "vitest";

import type { Access } from "./access.ts";
import { everyCase, usualCases, withAccess, type RaceCase } from "./race-apps.ts";
import { raceServers } from "./race-servers.ts";

/** Declares a test that is given an application's access to its database. */
export type AppTest = (name: string, body: (app: Access) => Promise<void>) => void;

/** Declares tests on one way to talk to a server. @param connections of the application's pool */
export function appTest(way: RaceCase, connections?: number): AppTest {
  return (name, body) => {
    test(name, () => withAccess(way, body, connections));
  };
}

/** Tests of one way to talk to a server. */
type AppTests = (test: AppTest, way: RaceCase) => void;

/** Describes applications that talk in the usual way to a server of each kind, started for this. @param title with `$name`, `$kind` */
export function describeUsualApps(title: string, tests: AppTests): void {
  describeApps(title, usualCases(raceServers()), tests);
}

/** The same for every way to talk to a server. */
export function describeEveryApp(title: string, tests: AppTests): void {
  describeApps(title, everyCase(raceServers()), tests);
}

function describeApps(title: string, ways: readonly RaceCase[], tests: AppTests): void {
  describe.each(ways)(title, (way) => {
    tests(appTest(way), way);
  });
}
