import { resolve } from "node:path";

import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";

import { errorsPage } from "../support/errors-page.ts";

const file = resolve(import.meta.dirname, "../../docs/errors.md");

test("the page lists every error of the tables, and how it was produced", async () => {
  const config = await resolveConfig(file);
  await expect(await format(errorsPage(), { ...config, parser: "markdown" })).toMatchFileSnapshot(file);
});
