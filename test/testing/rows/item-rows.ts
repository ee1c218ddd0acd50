import type { Send } from "../../support/row-apps.ts";

/** The table `item(id, stock)` with the rows 1: 10 and 2: 20, as a race's set-up. */
export const items = `
  create table if not exists item (id int primary key, stock int not null);
  delete from item;
  insert into item values (1, 10), (2, 20)`;

/** What there is of an item. @param suffix of the SELECT, as ` for update` */
export async function stockOf(send: Send, id: number, suffix = ""): Promise<number> {
  const [row] = await send(`select stock from item where id = $1${suffix}`, [id]);
  return Number(row?.stock);
}

export function setStock(send: Send, id: number, stock: number): Promise<unknown> {
  return send("update item set stock = $1 where id = $2", [stock, id]);
}

/** Takes one of the first item by reading it and writing what is left. */
export async function takeOne(send: Send, suffix = ""): Promise<void> {
  await setStock(send, 1, (await stockOf(send, 1, suffix)) - 1);
}

/** Takes from one item if both together have enough. */
export async function takeIfEnough(send: Send, id: 1 | 2): Promise<void> {
  const [one, two] = [await stockOf(send, 1), await stockOf(send, 2)];
  if (one + two >= 30) await setStock(send, id, (id === 1 ? one : two) - 5);
}
