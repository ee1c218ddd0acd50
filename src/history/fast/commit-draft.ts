import type { HistoryColumns } from "../history-columns.ts";
import type { HistorySink } from "../history-sink.ts";
import { shapeCode } from "../history.ts";
import { absent } from "../number-table.ts";
import type { ListTexts } from "./list-texts.ts";
import type { Scalar } from "./mop-reader.ts";
import { missing, type OperationDraft } from "./operation-draft.ts";
import type { FunctionName } from "./operation-reader.ts";
import type { TokenTable } from "./token-table.ts";

/** What the tokens of a draft mean, and where it goes. */
export interface DraftContext {
  readonly sink: HistorySink;
  readonly names: TokenTable<FunctionName>;
  readonly scalars: TokenTable<Scalar>;
  readonly texts: ListTexts;
}

/**
 * Adds a draft to the history if it is a whole, well-formed operation; else changes nothing and answers
 * false. Defaults are those of the general reader.
 * @param bytes where it was spelled
 */
export function commitDraft(draft: OperationDraft, bytes: Buffer, context: DraftContext): boolean {
  const { sink, names } = context;
  const { columns, own, nextIndex } = sink;
  const index = draft.index === missing ? nextIndex : draft.index;
  const timed = !Number.isNaN(draft.time);
  if (draft.process === missing || draft.type === missing || index < nextIndex) return false;
  if (own && (draft.index === missing || !timed || draft.f === missing)) return false;
  const f =
    draft.f === missing ? columns.functions.number("txn") : functionNumber(columns, names.meaning(draft.f));
  if (!sink.admits(draft.process, draft.type, f)) return false;
  columns.addRow(index, timed ? draft.time : index, draft.process, draft.type, f);
  if (draft.other === undefined)
    for (let mop = 0; mop < draft.mops; mop++) addMop(draft, mop, bytes, context);
  else columns.setOtherValue(draft.other);
  if (draft.data !== undefined) columns.setData(draft.data);
  if (draft.error !== undefined) columns.setError(draft.error);
  sink.took(index);
  return true;
}

function functionNumber(columns: HistoryColumns, name: FunctionName): number {
  if (name.number === missing) name.number = columns.functions.number(name.name);
  return name.number;
}

function addMop(draft: OperationDraft, mop: number, bytes: Buffer, context: DraftContext): void {
  const { columns } = context.sink;
  const kind = draft.kind[mop] ?? 0;
  const shape = draft.shape[mop] ?? 0;
  const key = keyNumber(draft.key[mop] ?? 0, context);
  if (shape === shapeCode.list) addList(draft, mop, key, bytes, context);
  else
    columns.addMop(
      kind,
      key,
      shape,
      shape === shapeCode.none ? 0 : valueNumber(draft.value[mop] ?? 0, context),
    );
}

let elements = new Uint32Array(256);

function addList(
  draft: OperationDraft,
  mop: number,
  key: number,
  bytes: Buffer,
  context: DraftContext,
): void {
  const { lists } = context.sink.columns;
  const known = draft.value[mop] ?? 0;
  const itemFrom = draft.itemFrom[mop] ?? 0;
  const added = (draft.itemTo[mop] ?? 0) - itemFrom;
  const length = known + added;
  if (length > elements.length) elements = new Uint32Array(2 * length);
  for (let i = 0; i < added; i++) elements[known + i] = valueNumber(draft.items[itemFrom + i] ?? 0, context);
  const trunk = draft.trunk[mop] ?? 0;
  // An earlier list of the same operation may have changed the key's trunk.
  const changed = known > 0 && trunk !== lists.trunkFrom(key);
  if (changed) lists.copy(trunk, known, elements);
  const from = changed
    ? lists.add(key, 0, elements, 0, length)
    : lists.add(key, known, elements, known, length);
  context.sink.columns.addListMop(draft.kind[mop] ?? 0, key, from, from + length);
  const textFrom = draft.textFrom[mop] ?? missing;
  if (added === 0 || changed || textFrom === missing) return;
  if (lists.trunkFrom(key) === from && lists.trunkLength(key) === length)
    context.texts.keep(key, known, length, bytes, textFrom, draft.textTo[mop] ?? 0);
}

function keyNumber(key: number, { sink, scalars }: DraftContext): number {
  if (key >= 0) return sink.columns.keys.internNumber(key);
  const scalar = scalars.meaning(-1 - key);
  if (scalar.key === absent) scalar.key = sink.columns.keys.intern(scalar.json);
  return scalar.key;
}

function valueNumber(value: number, { sink, scalars }: DraftContext): number {
  if (value >= 0) return sink.columns.values.internNumber(value);
  const scalar = scalars.meaning(-1 - value);
  if (scalar.value === absent) scalar.value = sink.columns.values.intern(scalar.json);
  return scalar.value;
}
