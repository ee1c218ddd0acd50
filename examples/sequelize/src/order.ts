import type { Shop } from "./database.ts";

/** Orders `quantity` of a product. Answers whether as many were in stock. */
export async function order(shop: Shop, product: number, quantity: number): Promise<boolean> {
  return orderWith(shop, product, quantity, false);
}

/** The same, with the product's row locked from the look at its stock until the end. */
export async function orderLocked(shop: Shop, product: number, quantity: number): Promise<boolean> {
  return orderWith(shop, product, quantity, true);
}

async function orderWith(
  { sequelize, products }: Shop,
  product: number,
  quantity: number,
  lock: boolean,
): Promise<boolean> {
  return sequelize.transaction(async (transaction) => {
    const found = await products.findByPk(product, { transaction, lock });
    if (found === null || found.stock < quantity) return false;
    await found.decrement("stock", { by: quantity, transaction });
    return true;
  });
}
