import type { Conversation, Piece, Request } from "./conversation.ts";
import { FrameCollector, FrameFollower } from "./frames.ts";

/** Of a packet's length and sequence number. */
const headerLength = 4;

/** Capability flags of a handshake response (MySQL client/server protocol, capabilities flags). */
const compress = 0x20;
const ssl = 0x800;

/** The handshake response that asks for TLS has this length, and then nothing in the clear follows. */
const sslRequestLength = 32;

const query = 0x03;

/** COM_QUIT, COM_STMT_SEND_LONG_DATA, COM_STMT_CLOSE. */
const unanswered: ReadonlySet<number> = new Set([0x01, 0x18, 0x19]);

/**
 * The protocol of MySQL and MariaDB. Statements are those of COM_QUERY; the first packet that comes after one is its
 * answer, for this protocol's clients wait for one answer before they ask again. Of a statement above 16 MB the first
 * packet is read.
 */
export function mysqlConversation(): Conversation {
  const client = new FrameCollector();
  const server = new FrameFollower(headerLength, packetLength);
  let opaque = false;
  let greeted = false;
  let asked = 0;
  let answered = 0;

  const greet = (packet: Buffer): void => {
    greeted = true;
    const flags = packet.length >= headerLength + 4 ? packet.readUInt32LE(headerLength) : 0;
    opaque =
      (flags & compress) !== 0 || ((flags & ssl) !== 0 && packet.length === headerLength + sslRequestLength);
  };

  const next = (): Request | undefined => {
    const packet = opaque ? client.takeRest() : client.next(packetLength);
    if (packet === undefined || packet === null || packet.length === 0) return undefined;
    if (opaque || !greeted || packet[3] !== 0) {
      if (!greeted) greet(packet);
      return { bytes: packet, sql: undefined, answer: asked + 1 };
    }
    const command = packet[headerLength] ?? 0;
    if (!unanswered.has(command)) asked++;
    return {
      bytes: packet,
      sql: command === query ? statementOf(packet) : undefined,
      answer: asked,
    };
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
      let start = 0;
      for (let from = 0; from < chunk.length && !opaque;) {
        const read = server.advance(chunk.subarray(from));
        if (read === null) break;
        from += read.length;
        if (read.ended === undefined || answered === asked) continue;
        answered = asked;
        pieces.push({ bytes: chunk.subarray(start, from), answer: asked, ends: true });
        start = from;
      }
      if (start < chunk.length) pieces.push({ bytes: chunk.subarray(start), answer: asked, ends: false });
      return pieces;
    },
  };
}

function packetLength(bytes: Buffer): number | undefined {
  return bytes.length < headerLength ? undefined : headerLength + bytes.readUIntLE(0, 3);
}

/**
 * Where both sides know query attributes, their count and the count of their sets come before the text: 0 and 1 where
 * there are none. Text begins with neither.
 */
function statementOf(packet: Buffer): string {
  const withAttributes = packet[headerLength + 1] === 0;
  return packet.toString("utf8", headerLength + (withAttributes ? 3 : 1));
}
