import type { Conversation, Piece, Request } from "./conversation.ts";
import { FrameCollector, FrameFollower } from "./frames.ts";

/**
 * - `startup`: messages without a type byte.
 * - `asked`: the client has asked for encryption, and the server has not said yet.
 * - `messages`: a type byte, a length, a body.
 * - `opaque`: encrypted, or no protocol of PostgreSQL's.
 */
type State = "startup" | "asked" | "messages" | "opaque";

/** Codes in the place of a protocol version (PostgreSQL manual, 54.7, message formats). */
const encryptionRequests: readonly number[] = [80877103, 80877104];
const cancelRequest = 80877102;

/** A startup message holds a few names. */
const longestStartup = 10_000;

/** Of a message's type and length. */
const headerLength = 5;

/** Messages that the server answers up to ReadyForQuery: Query, Sync, FunctionCall. */
const asking = new Set(["Q", "S", "F"]);

/**
 * Version 3 of PostgreSQL's protocol. Statements are those of Query, and of Parse, whose answer is the one to the
 * Sync that follows it.
 */
export function postgresConversation(): Conversation {
  const client = new FrameCollector();
  const server = new FrameFollower(headerLength, messageLength);
  let state: State = "startup";
  let asked = 0;
  let answered = 0;

  const request = (bytes: Buffer, sql?: string): Request => ({ bytes, sql, answer: asked + 1 });

  const startup = (): Request | undefined => {
    const message = client.next(startupLength);
    if (message === undefined) return undefined;
    const code = message?.readInt32BE(4) ?? cancelRequest;
    if (code === cancelRequest) state = "opaque";
    else state = encryptionRequests.includes(code) ? "asked" : "messages";
    const read = request(message ?? client.takeRest());
    if (state === "messages") asked++;
    return read;
  };

  const message = (): Request | undefined => {
    const bytes = client.next(messageLength);
    if (bytes === undefined) return undefined;
    if (bytes === null) {
      state = "opaque";
      return request(client.takeRest());
    }
    const read = request(bytes, statementOf(bytes));
    if (asking.has(typeOf(bytes))) asked++;
    return read;
  };

  const next = (): Request | undefined => {
    switch (state) {
      case "startup":
        return startup();
      case "messages":
        return message();
      case "asked":
      case "opaque": {
        const rest = client.takeRest();
        return rest.length === 0 ? undefined : request(rest);
      }
    }
  };

  return {
    fromClient: (chunk) => {
      client.push(chunk);
      const requests: Request[] = [];
      for (let read = next(); read !== undefined; read = next()) requests.push(read);
      return requests;
    },
    fromServer: (chunk) => {
      const pieces: Piece[] = [];
      let from = 0;
      if (state === "asked" && chunk.length > 0) {
        // One byte: N for no, and otherwise it is not to be read any more.
        state = chunk[0] === "N".charCodeAt(0) ? "startup" : "opaque";
        from = 1;
      }
      let start = 0;
      while (from < chunk.length && state !== "opaque") {
        const read = server.advance(chunk.subarray(from));
        if (read === null) {
          state = "opaque";
          break;
        }
        from += read.length;
        if (read.ended === undefined || typeOf(read.ended) !== "Z") continue;
        answered++;
        pieces.push({ bytes: chunk.subarray(start, from), answer: answered, ends: true });
        start = from;
      }
      if (start < chunk.length)
        pieces.push({ bytes: chunk.subarray(start), answer: answered + 1, ends: false });
      return pieces;
    },
  };
}

function startupLength(bytes: Buffer): number | undefined {
  // A length begins with a zero; another byte begins TLS without asking.
  if (bytes.length > 0 && bytes[0] !== 0) return 0;
  if (bytes.length < 8) return undefined;
  const length = bytes.readInt32BE(0);
  return length < 8 || length > longestStartup ? 0 : length;
}

function messageLength(bytes: Buffer): number | undefined {
  if (bytes.length < headerLength) return undefined;
  const length = bytes.readInt32BE(1);
  return length < 4 ? 0 : 1 + length;
}

function typeOf(message: Buffer): string {
  return String.fromCharCode(message[0] ?? 0);
}

function statementOf(message: Buffer): string | undefined {
  switch (typeOf(message)) {
    case "Q":
      return textAt(message, headerLength);
    case "P":
      // The name of the prepared statement comes first.
      return textAt(message, message.indexOf(0, headerLength) + 1);
    default:
      return undefined;
  }
}

function textAt(message: Buffer, start: number): string {
  const end = message.indexOf(0, start);
  return message.toString("utf8", start, end < 0 ? message.length : end);
}
