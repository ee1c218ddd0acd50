import type { Theme } from "../provocation.ts";
import { refuses } from "./refuses.ts";

const child = [
  "create table parent (id int primary key) engine = innodb",
  "create table child (id int primary key, up int, foreign key (up) references parent(id)) engine = innodb",
  "insert into parent values (1)",
  "insert into child values (1, 1)",
];

/** Integrity constraints: what the same statement had done before is undone. */
export const constraints: Theme = {
  name: "constraints",
  provocations: [
    refuses("1062", {
      how: "two rows with one primary key",
      sql: "insert into marker values (1), (2), (1)",
    }),
    refuses("1451", { how: "deletion of a row that has children", setup: child, sql: "delete from parent" }),
    refuses("1452", {
      how: "a row without its parent",
      setup: child,
      sql: "insert into child values (2, 1), (3, 9)",
    }),
    refuses("4025", {
      how: "a row that a CHECK refuses",
      setup: ["create table t (id int check (id > 0)) engine = innodb"],
      sql: "insert into t values (1), (0)",
    }),
    refuses("1048", { how: "NULL for a column that is NOT NULL", sql: "insert into marker values (null)" }),
    refuses("1364", {
      how: "no value for a column without a default",
      setup: ["create table t (id int primary key, n int not null) engine = innodb"],
      sql: "insert into t (id) values (1)",
    }),
  ],
};
