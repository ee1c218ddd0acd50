import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";

import type { Json } from "../../history/operation.ts";
import { canonicalJson } from "../../history/json-value.ts";
import type { Move } from "../../scheduler/move.ts";
import { checkReproduction, type Reproduction } from "./reproduction.ts";

/** The longest token, in characters. */
export const maxTokenLength = 4_000;

/**
 * Why a text is not taken as a token: `too-long`, `not-a-token` (it does not begin like one), `other-format` (of
 * another version), `cut-off` (its end is missing), `damaged` (altered), `malformed` (whole, but no reproduction).
 */
export type BadTokenReason =
  "too-long" | "not-a-token" | "other-format" | "cut-off" | "damaged" | "malformed";

/** The message is one sentence and says what to do. */
export class BadToken extends Error {
  override readonly name = "BadToken";
  readonly reason: BadTokenReason;

  constructor(reason: BadTokenReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

/** How a token begins, followed by the digit of the format's version. */
const beginning = "isl";
const format = 1;

/** Bytes of the length and of the checksum that stand before the content. */
const lengthBytes = 2;
const checksumBytes = 4;

/** No reproduction that fits a token is larger than this when it is unpacked. */
const maxUnpackedBytes = 1 << 20;

/**
 * A reproduction as a short text of letters, digits, `-` and `_` that can be pasted into a command line or a
 * chat: `isl1`, then in base64url the number of bytes, a checksum, and deflated compact JSON. The text may differ
 * with the version of zlib; what it decodes to does not.
 *
 * @throws BadToken with reason `too-long` when it would have more than {@link maxTokenLength} characters
 */
export function encodeToken(reproduction: Reproduction): string {
  const json = Buffer.from(canonicalJson(compact(reproduction)));
  const packed = deflateRawSync(json, { level: 9, dictionary });
  const length = Buffer.alloc(lengthBytes);
  // A length that does not fit is of a token that is refused below.
  length.writeUInt16BE(Math.min(packed.length, 0xffff));
  const body = Buffer.concat([length, checksum(packed), packed]);
  const token = `${beginning}${format}${body.toString("base64url")}`;
  if (token.length > maxTokenLength) throw tooLong(`This would be a token of ${token.length} characters`);
  return token;
}

/**
 * The reproduction in a token. White space in it, as line breaks of a chat leave it, is ignored.
 *
 * @throws BadToken
 */
export function decodeToken(text: string): Reproduction {
  const token = text.replace(/\s+/g, "");
  if (token.length > maxTokenLength) throw tooLong(`The token has ${token.length} characters`);
  const version = /^isl(\d)/.exec(token)?.[1];
  if (version === undefined)
    throw new BadToken(
      "not-a-token",
      `This is no token of isolab: one begins with ${beginning}${format}. Copy it whole from the report.`,
    );
  if (version !== `${format}`)
    throw new BadToken(
      "other-format",
      `The token is of format ${version}, and this isolab reads format ${format}: use the isolab that wrote it.`,
    );
  const packed = unwrapped(token.slice(beginning.length + 1));
  const malformed = (what: string, cause?: unknown): BadToken =>
    new BadToken(
      "malformed",
      `The token holds no reproduction because ${what}: use repro.json instead.`,
      cause,
    );
  let value: unknown;
  try {
    const json = inflateRawSync(packed, { dictionary, maxOutputLength: maxUnpackedBytes });
    value = expand(JSON.parse(json.toString()));
  } catch (error) {
    throw malformed("it cannot be unpacked", error);
  }
  return checkReproduction(value, malformed);
}

/** The packed content, once it is known to be whole. */
function unwrapped(body: string): Buffer {
  const bytes = Buffer.from(body, "base64url");
  const head = lengthBytes + checksumBytes;
  const wanted = bytes.length < lengthBytes ? head : head + bytes.readUInt16BE();
  if (bytes.length < wanted) {
    const [has, should] = [body.length, Math.ceil((wanted * 4) / 3)].map((n) => n + beginning.length + 1);
    throw new BadToken(
      "cut-off",
      `The token is cut off: it has ${has} of at least ${should} characters. Copy it to its end.`,
    );
  }
  const packed = bytes.subarray(head);
  // Decoding is lenient; writing it again shows whether every character belonged there.
  const whole = bytes.length === wanted && bytes.toString("base64url") === body;
  if (!whole || !checksum(packed).equals(bytes.subarray(lengthBytes, head)))
    throw new BadToken(
      "damaged",
      "The token was altered on its way, for its checksum is not right: copy it again, from its first to its last character.",
    );
  return packed;
}

function checksum(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest().subarray(0, checksumBytes);
}

function tooLong(what: string): BadToken {
  return new BadToken(
    "too-long",
    `${what}, and at most ${maxTokenLength} are allowed: use repro.json instead.`,
  );
}

/** Fields by position. A grant is its session, an overlap its two, a fault its session by the fault's name. */
function compact(reproduction: Reproduction): Json {
  const { workload, variant, parameters, database, isolation, seed, plan, moves, digest } = reproduction;
  const { kind, version, settings } = database;
  const entries = plan.map((session) =>
    session.map(({ id, f, args, atNanos, phase }) => [
      id,
      f,
      args,
      ...(atNanos === undefined && phase === undefined ? [] : [atNanos ?? null]),
      ...(phase === undefined ? [] : [phase]),
    ]),
  );
  return [
    workload,
    variant,
    parameters,
    kind,
    version,
    settings,
    isolation,
    seed,
    entries,
    moves.map(compactMove),
    ...(digest === undefined ? [] : [digest]),
  ];
}

function compactMove(move: Move): Json {
  switch (move.kind) {
    case "grant":
      return move.session;
    case "overlap":
      return move.sessions;
    case "fault":
      return { [move.fault]: move.session };
  }
}

/** What {@link compact} made, by name again; not checked yet. */
function expand(value: unknown): unknown {
  const [workload, variant, parameters, kind, version, settings, isolation, seed, plan, moves, digest] =
    list(value);
  return {
    workload,
    variant,
    parameters,
    database: { kind, version, settings },
    isolation,
    seed,
    plan: list(plan).map((entries, session) =>
      list(entries).map((entry) => {
        const [id, f, args, atNanos, phase] = list(entry);
        return { id, session, f, args, atNanos: atNanos ?? undefined, phase };
      }),
    ),
    moves: list(moves).map(expandMove),
    digest,
  };
}

function expandMove(move: unknown): unknown {
  if (typeof move === "number") return { kind: "grant", session: move };
  if (Array.isArray(move)) return { kind: "overlap", sessions: move };
  const [[fault, session] = []] = Object.entries(move as Record<string, unknown>);
  return { kind: "fault", fault, session };
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError("a list was expected");
  return value;
}

/** What most reproductions hold, for the packing. It belongs to the format: another one needs another version. */
const dictionary = Buffer.from(
  [
    '"read-uncommitted","serializable","repeatable-read","read-committed","mysql","mariadb","10.11.","kill-connection"',
    '{"autocommit":"ON","innodb_deadlock_detect":"ON","innodb_flush_log_at_trx_commit":"1"',
    '"innodb_lock_wait_timeout":"50","innodb_rollback_on_timeout":"OFF","innodb_snapshot_isolation":"OFF"',
    '"sql_mode":"STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION"',
    '"tx_isolation":"REPEATABLE-READ","transaction_isolation":"READ-COMMITTED"},"SERIALIZABLE"',
    '"postgres","18.4",{"deadlock_timeout":"10ms","default_transaction_isolation":"read committed","fsync":"off"',
    '"lock_timeout":"0","statement_timeout":"0","synchronous_commit":"on","transaction_isolation":"repeatable read"},',
    '"for-update","append","model/1","txn",{"mops":[["append",["r",["w",{"key":[[[0,"register",{"model":"1"}],"naive",{',
  ].join(","),
);
