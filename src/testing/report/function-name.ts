/** The longest that is shown. */
const longest = 48;

/**
 * What a function is called: its name, or the call that is all of it (`() => promote(1, 2)`), cut where it is long. A call
 * that is given code is told by no line of it.
 */
export function functionName(run: () => unknown, number: number): string {
  if (run.name !== "") return cut(run.name);
  const body = /^(?:async\s*)?\(\)\s*=>\s*([\s\S]+)$/.exec(Function.prototype.toString.call(run))?.[1];
  const call = body
    ?.replaceAll(/\s+/g, " ")
    .replace(/^await /, "")
    .trim();
  // What a bundler has made of imported names says nothing to a reader.
  const tidy = call?.replaceAll(/\(0, ?(?:\w+\.)?(\w+)\)/g, "$1").replaceAll(/__vi_import_\d+__\./g, "");
  return tidy === undefined || hasCode.test(tidy) ? `session ${number}` : cut(tidy);
}

const hasCode = /^\{|=>|\bfunction\b/;

function cut(name: string): string {
  return name.length > longest ? `${name.slice(0, longest - 1)}…` : name;
}

/** The same names, with the number of each where several have the same: `sell (0)`, `sell (1)`. */
export function distinctNames(names: readonly string[]): readonly string[] {
  return names.map((name, i) =>
    names.filter((other) => other === name).length > 1 ? `${name} (${i})` : name,
  );
}
