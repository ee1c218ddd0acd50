import type { Dialect } from "../../clients/database.ts";
import { mysqlConversation } from "./mysql-conversation.ts";
import { postgresConversation } from "./postgres-conversation.ts";

/** A whole message of the client. */
export interface Request {
  readonly bytes: Buffer;
  /** The statement it brings, if it brings one. */
  readonly sql: string | undefined;
  /** Which of the server's answers is the one to it, counted from 1. */
  readonly answer: number;
}

/** Some of the server's bytes. */
export interface Piece {
  readonly bytes: Buffer;
  /** The answer that they belong to, as in {@link Request.answer}. */
  readonly answer: number;
  /** With them the server has answered: what was asked for is done. */
  readonly ends: boolean;
}

/**
 * One connection's protocol, read as far as to know which statement goes by and when it has been answered. Bytes may
 * come in any pieces. What cannot be read (encrypted, compressed, another protocol) goes by without a statement.
 */
export interface Conversation {
  /** The messages that are whole now; the rest is kept until it is. Joined they are the client's bytes. */
  readonly fromClient: (chunk: Buffer) => readonly Request[];
  /** All of the chunk, cut where answers end. */
  readonly fromServer: (chunk: Buffer) => readonly Piece[];
}

/** A new connection. */
export function conversation(dialect: Dialect): Conversation {
  switch (dialect) {
    case "postgres":
      return postgresConversation();
    case "mysql":
      return mysqlConversation();
  }
}
