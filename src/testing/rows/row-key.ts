/**
 * A row's name among those of its table, by the values of its primary key; undefined where a value has no text that is
 * the same on every connection (a time, a fraction).
 */
export function rowKey(values: readonly unknown[]): string | undefined {
  const parts = values.map(keyPart);
  return parts.every((part) => part !== undefined) ? parts.join(",") : undefined;
}

function keyPart(value: unknown): string | undefined {
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : undefined;
  // A comma stands between the parts.
  if (typeof value === "string") return value.replaceAll(/[\\,]/g, "\\$&");
  return value instanceof Uint8Array ? `0x${Buffer.from(value).toString("hex")}` : undefined;
}
