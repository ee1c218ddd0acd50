import { type Edn, EdnKeyword, EdnList, EdnMap, EdnTagged, isKeywordName } from "./edn.ts";
import { ednFromJson, ednMapFromJson, jsonFromEdn } from "./edn-json.ts";
import { isVector, printEdn } from "./edn-writer.ts";
import { isJsonArray } from "./json-value.ts";
import { isMopLength, isMopList } from "./mop-list.ts";
import type { Json, Mop, Operation } from "./operation.ts";
import { operationFields, type RawOperation } from "./operation-fields.ts";

/** An operation as a map of Jepsen's on one line, without the newline. */
export function printEdnOperation(operation: Operation): string {
  const { index, time, process, type, f, value, data, error } = operation;
  const actor = typeof process === "number" ? String(process) : printName(process);
  let text = `{:index ${index}, :time ${printEdn(time)}, :process ${actor}, :type :${type}, :f ${printName(f)}`;
  text += `, :value ${printEdn(ednFromValue(value))}`;
  if (data !== undefined) text += `, :data ${printEdn(ednFromJson(data))}`;
  if (error !== undefined) text += `, :error ${printEdn(ednFromJson(error as Json))}`;
  return `${text}}`;
}

/**
 * The fields of an operation from a map, tagged (`#jepsen.history.Op{…}`) or not; null when the value
 * is no map. Names of types, functions, processes and mop kinds lose their colon. Fields that we do
 * not know are left out.
 */
export function rawOperationFromEdn(value: Edn): RawOperation | null {
  const map = value instanceof EdnTagged ? value.value : value;
  if (!(map instanceof EdnMap)) return null;
  const raw: { -readonly [field in keyof RawOperation]: unknown } = {};
  const { entries } = map;
  for (let at = 0; at < entries.length; at += 2) {
    const key = entries[at];
    if (!(key instanceof EdnKeyword) || !isField(key.name)) continue;
    raw[key.name] = fieldFromEdn(key.name, entries[at + 1] ?? null);
  }
  return raw;
}

function isField(name: string): name is keyof RawOperation {
  return (operationFields as readonly string[]).includes(name);
}

function fieldFromEdn(field: keyof RawOperation, value: Edn): unknown {
  switch (field) {
    case "index":
    case "time":
      return value ?? undefined;
    case "process":
    case "type":
    case "f":
      return value instanceof EdnKeyword ? value.name : (value ?? undefined);
    case "value":
      return valueFromEdn(value);
    case "data":
    case "error":
      return jsonFromEdn(value);
  }
}

function valueFromEdn(value: Edn): readonly Mop[] | Json {
  const items = itemsOf(value);
  if (items === undefined || !looksLikeMops(items)) return jsonFromEdn(value);
  return items.map((item): Mop => {
    const [kind, key = null, content = null] = itemsOf(item) ?? [];
    const name = kind instanceof EdnKeyword ? kind.name : (kind as string);
    return [name, jsonFromEdn(key), jsonFromEdn(content)];
  });
}

function looksLikeMops(items: readonly Edn[]): boolean {
  return items.every((item) => {
    const parts = itemsOf(item);
    const kind = parts?.[0];
    const name = kind instanceof EdnKeyword ? kind.name : kind;
    return typeof name === "string" && isMopLength(name, parts?.length ?? 0);
  });
}

function itemsOf(value: Edn): readonly Edn[] | undefined {
  if (value instanceof EdnList) return value.items;
  return isVector(value) ? value : undefined;
}

function ednFromValue(value: readonly Mop[] | Json): Edn {
  if (isMopList(value)) {
    return value.map(([kind, key, content]) => [ednFromName(kind), ednFromJson(key), ednFromJson(content)]);
  }
  const edn = ednFromJson(value);
  if (!isVector(edn) || !isJsonArray(value) || !looksLikeMops(edn)) return edn;
  // Only marked strings make mops of what is none: [[{"#string":":x"},1,2]]. Spell them out.
  return value.map((item) => (isJsonArray(item) ? item.map(spellOut) : ednFromJson(item)));
}

function spellOut(value: Json): Edn {
  if (typeof value !== "object" || value === null || isJsonArray(value)) return ednFromJson(value);
  return ednMapFromJson(value);
}

function printName(name: string): string {
  return printEdn(ednFromName(name));
}

function ednFromName(name: string): Edn {
  return isKeywordName(name) ? new EdnKeyword(name) : name;
}
