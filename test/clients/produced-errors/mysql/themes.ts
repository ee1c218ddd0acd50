import type { Theme } from "../provocation.ts";
import { accounts } from "./accounts.ts";
import { constraints } from "./constraints.ts";
import { data } from "./data.ts";
import { commits, locks } from "./locks.ts";
import { resources } from "./resources.ts";
import { sessions, shutdown } from "./sessions.ts";

/** All that MariaDB is made to answer. */
export const themes: readonly Theme[] = [
  constraints,
  data,
  locks,
  sessions,
  resources,
  commits,
  accounts,
  shutdown,
];

const mysqlOnly = "MySQL 8 only";
const network = "the server's name for a network error, which it has nobody left to tell";

/** Rows of the table that no test produces, and why. */
export const notProduced: Readonly<Record<string, string>> = {
  3024: mysqlOnly,
  3058: `${mysqlOnly}; MariaDB answers 1213`,
  3159: `${mysqlOnly}; MariaDB answers 1045`,
  3572: `${mysqlOnly}; MariaDB answers 1205`,
  3819: `${mysqlOnly}; MariaDB answers 4025`,
  4031: `${mysqlOnly}; MariaDB closes the connection without a word, and means something else by the number`,
  1586: "MariaDB and MySQL answer 1062",
  1169: "of engines other than InnoDB",
  1216: "MariaDB answers 1452, MySQL 8 this one to a user who may not see the parent table",
  1217: "MariaDB answers 1451, MySQL 8 this one to a user who may not see the child table",
  1206: "MariaDB 10.11 aborts when locks fill its buffer pool",
  1021: "InnoDB answers 1114",
  1180: "needs a disk that fails in the middle of a commit",
  1129: "connections over loopback are not counted",
  1053: "MariaDB closes the connection before anybody can read it",
  1158: network,
  1159: network,
  1160: network,
  1161: network,
};
