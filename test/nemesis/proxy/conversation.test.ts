import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { conversation, type Conversation } from "../../../src/nemesis/proxy/conversation.ts";
import {
  comQuery,
  cutAt,
  handshake,
  message,
  opening,
  packet,
  parsed,
  queryOf,
  ready,
  sslRequest,
  startup,
  strings,
} from "./streams.ts";

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 });
const sql = fc.string({ unit: "grapheme", maxLength: 60 }).filter((text) => !text.includes("\0"));

/** What is read of a client's bytes, and the bytes as they are passed on. */
function read(talk: Conversation, chunks: readonly Buffer[]) {
  const requests = chunks.flatMap((chunk) => talk.fromClient(chunk));
  return {
    bytes: Buffer.concat(requests.map(({ bytes }) => bytes)).toString("hex"),
    statements: requests.flatMap(({ sql, answer }) => (sql === undefined ? [] : [{ sql, answer }])),
  };
}

/** Where answers end in a server's bytes, and the bytes as they are passed on. */
function heard(talk: Conversation, chunks: readonly Buffer[]) {
  const pieces = chunks.flatMap((chunk) => talk.fromServer(chunk));
  let at = 0;
  const ends: { at: number; answer: number }[] = [];
  for (const { bytes, answer, ends: isEnd } of pieces) {
    at += bytes.length;
    if (isEnd) ends.push({ at, answer });
  }
  return { bytes: Buffer.concat(pieces.map(({ bytes }) => bytes)).toString("hex"), ends };
}

describe("PostgreSQL's protocol", () => {
  const sent = fc.oneof(
    sql.map((text) => ({ bytes: queryOf(text), sql: text, asks: 1 })),
    sql.map((text) => ({ bytes: parsed(text), sql: text, asks: 1 })),
    fc.constant({ bytes: message("d", Buffer.from("Q\0\0\0\x08no\0")), sql: undefined, asks: 0 }),
    fc.constant({ bytes: message("p", strings("secret")), sql: undefined, asks: 0 }),
  );

  test("statements are the same however the bytes are cut, and no byte is lost", () => {
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 12 }), cuts, (messages, places) => {
        const stream = Buffer.concat([startup, ...messages.map(({ bytes }) => bytes)]);
        const expected: { sql: string; answer: number }[] = [];
        let asked = 1;
        for (const { sql: text, asks } of messages) {
          if (text !== undefined) expected.push({ sql: text, answer: asked + 1 });
          asked += asks;
        }
        expect(read(conversation("postgres"), cutAt(stream, places))).toEqual({
          bytes: stream.toString("hex"),
          statements: expected,
        });
      }),
    );
  });

  test("answers end with ReadyForQuery however the bytes are cut", () => {
    const said = fc.array(
      fc.oneof(
        fc.constant(ready),
        fc.string({ maxLength: 40 }).map((text) => message("D", strings(text, "Z\0\0\0\x05I"))),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(said, cuts, (messages, places) => {
        const stream = Buffer.concat(messages);
        const talk = conversation("postgres");
        talk.fromClient(startup);
        const ends: { at: number; answer: number }[] = [];
        let at = 0;
        for (const bytes of messages) {
          at += bytes.length;
          if (bytes === ready) ends.push({ at, answer: ends.length + 1 });
        }
        expect(heard(talk, cutAt(stream, places))).toEqual({ bytes: stream.toString("hex"), ends });
      }),
    );
  });

  test("a refused request for encryption is followed by an ordinary startup", () => {
    const talk = conversation("postgres");
    talk.fromClient(sslRequest);
    expect(heard(talk, [Buffer.from("N")]).bytes).toBe("4e");
    expect(read(talk, [startup, queryOf("commit")]).statements).toEqual([{ sql: "commit", answer: 2 }]);
    expect(heard(talk, [ready, ready]).ends.map(({ answer }) => answer)).toEqual([1, 2]);
  });

  test.each([
    ["encrypted on request", [sslRequest], "S"],
    ["encrypted without asking", [Buffer.from([0x16, 3, 1, 0, 5])], ""],
    ["a request to cancel", [opening(80877102, Buffer.alloc(8))], ""],
  ])("%s: nothing is read any more, and all of it goes by", (_, client, answer) => {
    const talk = conversation("postgres");
    const before = read(talk, client);
    expect(before.bytes).toBe(Buffer.concat(client).toString("hex"));
    talk.fromServer(Buffer.from(answer));
    const rest = Buffer.concat([queryOf("commit"), Buffer.from([1, 2, 3])]);
    expect(read(talk, [rest])).toEqual({ bytes: rest.toString("hex"), statements: [] });
    expect(heard(talk, [ready, Buffer.from([9])])).toEqual({
      bytes: Buffer.concat([ready, Buffer.from([9])]).toString("hex"),
      ends: [],
    });
  });
});

describe("MySQL's protocol", () => {
  const command = fc.oneof(
    sql.map((text) => ({ bytes: comQuery(text), sql: text })),
    // COM_PING, and a packet of a file that is being sent.
    fc.constant({ bytes: packet(0, Buffer.from([14])), sql: undefined }),
    fc.constant({ bytes: packet(2, Buffer.from("\x03commit")), sql: undefined }),
  );

  test("statements are the same however the bytes are cut, and no byte is lost", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), cuts, (commands, places) => {
        const stream = Buffer.concat([handshake(0x200), ...commands.map(({ bytes }) => bytes)]);
        const found = read(conversation("mysql"), cutAt(stream, places));
        expect(found.bytes).toBe(stream.toString("hex"));
        expect(found.statements.map((statement) => statement.sql)).toEqual(
          commands.flatMap(({ sql: text }) => text ?? []),
        );
      }),
    );
  });

  test("the first packet after a command is its answer, however the bytes are cut", () => {
    const result = [
      packet(1, Buffer.from([1])),
      packet(2, Buffer.from("column")),
      packet(3, Buffer.from("row")),
    ];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), cuts, (commands, places) => {
        const talk = conversation("mysql");
        talk.fromServer(packet(0, Buffer.from("greeting")));
        talk.fromClient(handshake(0x200));
        talk.fromServer(packet(2, Buffer.from([0])));
        for (let number = 1; number <= commands; number++) {
          const [asked] = talk.fromClient(comQuery("select 1"));
          expect(asked?.answer).toBe(number);
          const found = heard(talk, cutAt(Buffer.concat(result), places));
          expect(found).toEqual({
            bytes: Buffer.concat(result).toString("hex"),
            ends: [{ at: result[0]!.length, answer: number }],
          });
        }
      }),
    );
  });

  test("attributes of a query come before its text", () => {
    const talk = conversation("mysql");
    talk.fromClient(handshake(0x8000000));
    const bytes = packet(0, Buffer.concat([Buffer.from([3, 0, 1]), Buffer.from("commit")]));
    expect(read(talk, [bytes]).statements).toEqual([{ sql: "commit", answer: 1 }]);
  });

  test.each([
    ["encrypted", handshake(0x800, 32)],
    ["compressed", handshake(0x20)],
  ])("%s: nothing is read any more, and all of it goes by", (_, first) => {
    const talk = conversation("mysql");
    talk.fromClient(first);
    expect(read(talk, [comQuery("commit"), Buffer.from([1])])).toEqual({
      bytes: Buffer.concat([comQuery("commit"), Buffer.from([1])]).toString("hex"),
      statements: [],
    });
    expect(heard(talk, [Buffer.from([7, 7])]).bytes).toBe("0707");
  });
});
