import { existsSync, readFileSync } from "node:fs";

import { EnvironmentError } from "../clients/database-error.ts";

/** What `isolab init` writes as the config. */
export const firstConfig = `import { defineConfig } from "isolab";

export default defineConfig({
  // NAME[:VARIANT] of isolab's own, or files of yours.
  workloads: ["./workloads/coupons.ts"],
  // Throw-away servers; or { name: "staging", url: process.env.DATABASE_URL ?? "" }.
  targets: [{ db: "postgres" }],
  isolation: ["read-committed", "serializable"],
});
`;

/** A job of GitHub Actions. */
export const githubWorkflow = `name: isolab
on: [push, pull_request]
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: npm ci
      - run: npx isolab gate --strict --junit isolab.xml
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: isolab
          path: |
            isolab.xml
            runs/
`;

/** A job of GitLab CI, to be included. */
export const gitlabJob = `isolab:
  image: node:22
  script:
    - npm ci
    - npx isolab gate --strict --junit isolab.xml --markdown isolab.md
  artifacts:
    when: always
    paths: [isolab.md, runs/]
    reports:
      junit: isolab.xml
`;

/** The example of the documentation: a workload with a broken and a right variant. @throws EnvironmentError */
export function firstWorkload(): string {
  // Built code lies one folder deeper than source.
  const places = ["../../", "../../../"].map(
    (up) => new URL(`${up}docs/examples/coupons.ts`, import.meta.url),
  );
  const file = places.find((place) => existsSync(place));
  if (file === undefined)
    throw new EnvironmentError("This copy of isolab has lost its example: install it again.");
  return readFileSync(file, "utf8");
}
