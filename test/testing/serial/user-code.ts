import type { SharedServer } from "../../support/servers.ts";
import type { Case, UserConnection, UserFunction } from "./user-database.ts";

/** What users write for a server: schemas and functions that tests have in common. */
export interface UserCode {
  readonly mysql: boolean;
  /** Type of a generated key. */
  readonly key: string;
  /** What follows the columns of a table. */
  readonly engine: string;
  /** Begins a transaction at READ COMMITTED. */
  readonly begin: string;
  /** The table `accounts(id, balance)` with 100 in each of the accounts 1 and 2. */
  readonly accounts: Pick<Case, "schema" | "setup">;
  /** A parameter, by its number from 1. */
  readonly p: (n: number) => string;
  /** What an account holds. */
  readonly balance: (connection: UserConnection, id: number) => Promise<number>;
  /** Takes from the first account by reading it and writing what is left; answers that. */
  readonly withdraw: (amount: number) => UserFunction;
  /** Makes a row of `orders(id, customer)`; answers its generated key. */
  readonly insertOrder: (connection: UserConnection, customer: string) => Promise<number>;
}

export function userCode({ dialect }: Pick<SharedServer, "dialect">): UserCode {
  const mysql = dialect === "mysql";
  const engine = mysql ? " engine = innodb" : "";
  const p: UserCode["p"] = (n) => (mysql ? "?" : `$${n}`);
  const balance: UserCode["balance"] = async (connection, id) =>
    Number((await connection.query(`select balance from accounts where id = ${id}`)).rows[0]?.balance);
  return {
    mysql,
    key: mysql ? "int auto_increment primary key" : "serial primary key",
    engine,
    begin: mysql ? "start transaction" : "begin isolation level read committed",
    accounts: {
      schema: [`create table accounts (id int primary key, balance int not null)${engine}`],
      setup: ["delete from accounts", "insert into accounts values (1, 100), (2, 100)"],
    },
    p,
    balance,
    withdraw: (amount) => async (connection) => {
      const left = (await balance(connection, 1)) - amount;
      await connection.query(`update accounts set balance = ${left} where id = 1`);
      return { left };
    },
    insertOrder: async (connection, customer) => {
      const returning = mysql ? "" : " returning id";
      const { rows, insertId } = await connection.query(
        `insert into orders (customer) values (${p(1)})${returning}`,
        [customer],
      );
      return insertId ?? Number(rows[0]?.id);
    },
  };
}
