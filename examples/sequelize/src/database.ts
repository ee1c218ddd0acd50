import {
  DataTypes,
  Model,
  Sequelize,
  type CreationOptional,
  type InferAttributes,
  type InferCreationAttributes,
  type ModelStatic,
} from "sequelize";

export interface Product extends Model<InferAttributes<Product>, InferCreationAttributes<Product>> {
  id: CreationOptional<number>;
  stock: number;
}

/** Sequelize and the table of products. */
export interface Shop {
  readonly sequelize: Sequelize;
  readonly products: ModelStatic<Product>;
}

/** Opens the database that `url` names: `postgres://…` or `mysql://…`. */
export function openShop(url: string): Shop {
  const sequelize = new Sequelize(url, {
    dialect: url.startsWith("mysql:") ? "mysql" : "postgres",
    logging: false,
  });
  const products = sequelize.define<Product>(
    "product",
    {
      id: { type: DataTypes.INTEGER, autoIncrement: true, primaryKey: true },
      stock: { type: DataTypes.INTEGER, allowNull: false },
    },
    { tableName: "products", timestamps: false },
  );
  return { sequelize, products };
}
