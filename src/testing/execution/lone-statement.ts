import type { Dialect } from "../../clients/database.ts";
import { mayWrite } from "../../runner/hides-writes.ts";
import { bareStatement, hasExecutableComment } from "./bare-statement.ts";
import { isChosenByKey, type KeysOf } from "./chosen-by-key.ts";
import { splitStatements } from "./split-statements.ts";

/**
 * Whether a statement that commits itself reads other rows than those that it writes, by its text: `INSERT … SELECT`,
 * a subselect, a join, a `WITH`, `MERGE`, an UPDATE or DELETE that does not find its row by a key. Two of them can
 * overlap, so that neither sees what the other has written: PostgreSQL chooses rows by the snapshot, and looks again only
 * at those (PostgreSQL manual, Read Committed Isolation Level). A write by key does the same whether they overlap or not.
 *
 * @param reachesFurther there are triggers, functions and the like, by which it may read more than it names
 * @param keysOf the keys of each table
 */
export function readsAndWrites(
  sql: string,
  dialect: Dialect,
  reachesFurther: boolean,
  keysOf: KeysOf,
): boolean {
  const text = coreOf(sql, dialect);
  if (/;\s*\S/.test(text)) return false;
  const verb = verbOf(text);
  const isByKey = (of: "update" | "delete"): boolean =>
    !hasExecutableComment(bareStatement(sql, dialect)) && isChosenByKey(sql, of, dialect, keysOf);
  switch (verb) {
    case "merge":
      return true;
    case "with":
      return /\b(?:insert|update|delete|merge)\b/i.test(text.replaceAll(locking, ""));
    case "insert":
    case "replace":
      return reachesFurther || asks.test(text);
    case "update":
      return reachesFurther || asks.test(text) || ofSeveral.test(text) || !isByKey(verb);
    case "delete":
      return (
        reachesFurther || asks.test(text.replace(deleteFrom, "")) || ofSeveral.test(text) || !isByKey(verb)
      );
    case "execute":
    case "select":
    case "create":
      return dialect === "postgres" && postgresReadsAndWrites(verb, text, reachesFurther);
    default:
      return false;
  }
}

/** What in MySQL commits what is open, or locks what it would not lock by itself, when a transaction is opened for it. */
function postgresReadsAndWrites(verb: string, text: string, reachesFurther: boolean): boolean {
  if (verb === "execute") return true;
  if (verb === "create") return /\btable\b[^(]*\bas\b/i.test(text);
  return /\binto\b/i.test(text) || (reachesFurther && callsFunction(text));
}

/**
 * Whether a statement that commits itself does several things in one go that cannot be told apart: they write and see
 * what others have written between them, or only see it. A function may ask several questions (PostgreSQL manual,
 * Function Volatility Categories: each has a snapshot of its own).
 *
 * @param reachesFurther there are functions of the user's, or may be
 */
export function isOpaque(sql: string, dialect: Dialect, reachesFurther = false): boolean {
  const text = coreOf(sql, dialect);
  const verb = verbOf(text);
  // What MySQL executes may be a CALL; DO only evaluates there.
  if (verb === "call" || verb === (dialect === "postgres" ? "do" : "execute")) return true;
  if (reachesFurther && mayCall.test(text) && callsFunction(text)) return true;
  if (!/;\s*\S/.test(sql)) return false;
  const statements = splitStatements(sql, dialect);
  return statements.length > 1 && (mayWrite(sql) || statements.filter(looks(dialect)).length > 1);
}

/** Others define something, or set it. */
const mayCall = /^\(*\s*(?:select|with|values|table|insert|replace|update|delete|merge|do|execute)\b|;/i;

/** Whether a statement asks for rows of a table. */
function looks(dialect: Dialect): (statement: string) => boolean {
  return (statement) => /\b(?:from|table)\b/i.test(coreOf(statement, dialect));
}

/**
 * What a statement does once it is reached: without comments, the contents of strings and names, what MySQL alone takes
 * for a comment, and the settings or the EXPLAIN before it.
 */
function coreOf(sql: string, dialect: Dialect): string {
  const text = bareStatement(sql, dialect).replaceAll(/\/\*M?!\d*|\*\//g, " ");
  return text.trim().replace(settings, "").replace(explained, "").trim();
}

function verbOf(text: string): string {
  return /^\(*\s*(\w+)/.exec(text)?.[1]?.toLowerCase() ?? "";
}

const settings = /^set\s+statement\b.*?\bfor\b\s*/i;

/** Those that execute what they explain; the others are no statement that writes. */
const explained =
  /^(?:explain\s+analy[sz]e(?:\s+verbose)?|explain\s*\([^)]*\banaly[sz]e\b[^)]*\)|analyze(?:\s+format\s*=\s*\w+)?(?=\s+(?:insert|update|delete|replace|select|with)\b))\s+/i;

const locking = /\bfor\s+(?:no\s+key\s+)?update\b/gi;

const asks = /\b(?:select|from|join|using|table)\b/i;

const deleteFrom = /^delete\b[^()]*?\bfrom\b/i;

/** Tables one after another, before what is set or after FROM (MySQL manual, UPDATE and DELETE). */
const ofSeveral = /^(?:update\b(?:(?!\bset\b)[^(])*,|delete\b(?:(?!\bwhere\b)[^(])*,)/i;

function key(name: string): string {
  return name.toLowerCase();
}

/** Whether a function is called that may be the user's. */
function callsFunction(text: string): boolean {
  return [...text.replaceAll(columnList, ",").matchAll(/([\w$]+|"")\s*\(/g)].some(
    ([, name = ""]) => !isBuiltIn(name),
  );
}

/** Columns after the name of a table that is written, or that stands for a query. */
const columnList =
  /\b(?:into|insert|replace|as|with|recursive)\s+(?:(?:[\w$]+|"")\s*\.\s*)*(?!select\b)(?:[\w$]+|"")\s*(?=\()|(?:[\w$]+|"")\s*\([^()]*\)\s*(?=as\s+(?:(?:not\s+)?materialized\s*)?\(\s*(?:select|with|values|table|insert|update|delete)\b)/gi;

/** Functions of the servers, and words that may stand before a parenthesis. */
const builtInNames: ReadonlySet<string> = new Set(
  (
    "in and or not any all some exists from join on using where by then else when case as over with select values " +
    "distinct filter interval limit union except intersect having array row lateral count max min sum avg " +
    "string_agg group_concat bool_and bool_or any_value row_number rank dense_rank lag lead ntile first_value " +
    "last_value percent_rank coalesce nullif if ifnull greatest least cast convert extract replace char varchar " +
    "decimal numeric binary abs round floor ceil ceiling mod pow power sqrt log exp sign truncate rand random " +
    "concat concat_ws length char_length lower upper trim ltrim rtrim substr substring left right lpad rpad " +
    "locate instr position reverse repeat space format field elt find_in_set hex unhex md5 sha1 sha2 crc32 match " +
    "against now date time year month day hour minute second week datediff timestampdiff timestampadd str_to_date " +
    "from_unixtime unix_timestamp curdate curtime current_date current_time current_timestamp age currval nextval " +
    "setval lastval last_insert_id row_count found_rows uuid gen_random_uuid uuid_generate_v4 get_lock " +
    "release_lock release_all_locks is_free_lock is_used_lock sleep benchmark version database schema user " +
    "current_user connection_id current_setting set_config current_schema generate_series unnest conflict key set " +
    "returning window partition rollup cube grouping sets only is like ilike between similar escape collate at " +
    "numeric float double bit int integer bigint smallint timestamptz datetime varbinary nvarchar trunc isnull " +
    "cardinality translate split_part strpos initcap quote_ident quote_literal quote_nullable ascii chr encode decode digest " +
    "date_part date_trunc make_date make_time make_timestamp make_timestamptz make_interval justify_days isfinite " +
    "clock_timestamp statement_timestamp transaction_timestamp localtime localtimestamp every range_agg mode " +
    "percentile_cont percentile_disc corr stddev stddev_pop stddev_samp variance var_pop var_samp bit_and bit_or " +
    "nth_value cume_dist num_nulls num_nonnulls width_bucket degrees radians sin cos tan asin acos atan atan2 ln " +
    "xmlagg plainto_tsquery to_tsvector to_tsquery websearch_to_tsquery ts_rank setseed gcd lcm txid_current " +
    "adddate subdate addtime subtime maketime makedate dayname monthname dayofmonth dayofweek dayofyear weekday " +
    "quarter microsecond last_day utc_timestamp utc_date utc_time sysdate sec_to_time time_to_sec inet_aton " +
    "inet_ntoa uuid_to_bin bin_to_uuid uuid_short compress uncompress to_base64 from_base64 bin oct conv ord quote soundex " +
    "strcmp insert make_set export_set mid lcase ucase octet_length nvl nvl2"
  ).split(" "),
);

function isBuiltIn(name: string): boolean {
  return builtInNames.has(key(name)) || /^(?:pg|jsonb?|array|to|date|st|inet|regexp|bit)_/i.test(name);
}
