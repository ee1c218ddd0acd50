/** What a driver is handed: values both drivers write the same way. */
export type Parameter = null | boolean | number | string | Date | Uint8Array | readonly Parameter[];

/**
 * Values of an application as parameters: `undefined` becomes NULL, a bigint its digits, a plain object
 * JSON text. Arrays stay arrays (PostgreSQL has them; the MySQL side writes them as JSON).
 *
 * @throws TypeError for what no database can store, before anything is sent.
 */
export function toParameters(values: readonly unknown[]): readonly Parameter[] {
  return values.map((value, i) => toParameter(value, i + 1));
}

function toParameter(value: unknown, position: number): Parameter {
  switch (typeof value) {
    case "undefined":
      return null;
    case "boolean":
    case "string":
    case "number":
      return value;
    case "bigint":
      return value.toString();
    case "object":
      return objectParameter(value, position);
    case "function":
    case "symbol":
      throw new TypeError(`Parameter $${position} is a ${typeof value}: no database can store that.`);
  }
}

function objectParameter(value: object | null, position: number): Parameter {
  if (value === null || value instanceof Date || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => toParameter(item, position));
  return JSON.stringify(value);
}
