import type { Theme } from "../provocation.ts";
import { connecting } from "./connecting.ts";
import { constraints } from "./constraints.ts";
import { data } from "./data.ts";
import { locks } from "./locks.ts";
import { resources } from "./resources.ts";
import { sessions, shutdown } from "./sessions.ts";

/** All that PostgreSQL is made to answer. */
export const themes: readonly Theme[] = [constraints, data, locks, sessions, connecting, resources, shutdown];

/** Rows of the table that no test produces, and why. */
export const notProduced: Readonly<Record<string, string>> = {
  "57P02":
    "sent as a WARNING before the connection is closed, never as an error: the driver tells of the loss",
};
