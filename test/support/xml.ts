/** An element of an XML document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** What stands directly in it, in one piece. */
  readonly text: string;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * The root of a document: elements, attributes in double quotes, character data. No comments, no DTD, no namespaces.
 *
 * @throws Error where it is not well-formed, or holds something else
 */
export function parseXml(document: string): XmlElement {
  // What XML 1.0 has no room for, escaped or not.
  if (/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(document))
    throw new Error("a character that XML cannot hold");
  const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!document.startsWith(prolog)) throw new Error("no XML declaration");
  const top = { name: "", attributes: {}, children: [] as XmlElement[], text: "" };
  const open = [top];
  for (const [token] of document.slice(prolog.length).matchAll(/<[^<>]*>|[^<]+|</g)) {
    const inner = open.at(-1) ?? top;
    if (!token.startsWith("<")) {
      inner.text += decoded(token);
      continue;
    }
    const [, slash, name = "", attributes = "", closed] =
      /^<(\/?)([A-Za-z][\w.-]*)((?:\s+[A-Za-z][\w.-]*="[^"<]*")*)\s*(\/?)>$/.exec(token) ?? [];
    if (name === "") throw new Error(`no tag: ${token}`);
    if (slash === "/") {
      if (inner.name !== name || open.length === 1) throw new Error(`</${name}> ends <${inner.name}>`);
      open.pop();
      continue;
    }
    const element = { name, attributes: attributesOf(attributes), children: [] as XmlElement[], text: "" };
    inner.children.push(element);
    if (closed !== "/") open.push(element);
  }
  if (open.length > 1) throw new Error(`<${open.at(-1)?.name}> does not end`);
  const [root, ...more] = top.children;
  if (root === undefined || more.length > 0 || top.text.trim() !== "") throw new Error("not one root");
  return root;
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([\w.-]+)="([^"]*)"/g)].map(
    ([, name = "", value = ""]) => [name, decoded(value)] as const,
  );
  if (new Set(pairs.map(([name]) => name)).size < pairs.length) throw new Error(`an attribute twice:${text}`);
  return Object.fromEntries(pairs);
}

function decoded(text: string): string {
  if (text.includes("]]>")) throw new Error("]]> in character data");
  return text.replaceAll(/&(?:#(\d+)|([a-z]+));|&/g, (whole, number?: string, name?: string) => {
    if (number !== undefined) return String.fromCodePoint(Number(number));
    const known = name === undefined ? undefined : entities[name];
    if (known === undefined) throw new Error(`no entity: ${whole}`);
    return known;
  });
}
