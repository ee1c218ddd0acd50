/** A message of PostgreSQL's: type, length, body. */
export function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

/** Texts with the zero that ends each. */
export function strings(...texts: readonly string[]): Buffer {
  return Buffer.from(texts.map((text) => `${text}\0`).join(""), "utf8");
}

/** A message without a type, as connections begin: length, code, body. */
export function opening(code: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(code, 4);
  return Buffer.concat([head, body]);
}

export const startup: Buffer = opening(196608, strings("user", "x", ""));
export const sslRequest: Buffer = opening(80877103);
export const ready: Buffer = message("Z", Buffer.from("I"));

export const queryOf = (sql: string): Buffer => message("Q", strings(sql));

/** A statement in the extended protocol, up to Sync. */
export const parsed = (sql: string): Buffer =>
  Buffer.concat([
    message("P", Buffer.concat([strings("name", sql), Buffer.from([0, 0])])),
    message("B", Buffer.from([0, 0, 0, 0, 0, 0, 0, 0])),
    message("E", Buffer.from([0, 0, 0, 0, 0])),
    message("S", Buffer.alloc(0)),
  ]);

/** A packet of MySQL's: length, sequence number, payload. */
export function packet(sequence: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, payload]);
}

/** The client's answer to the greeting, with these capabilities. */
export function handshake(flags: number, length = 60): Buffer {
  const payload = Buffer.alloc(length);
  payload.writeUInt32LE(flags, 0);
  return packet(1, payload);
}

export const comQuery = (sql: string): Buffer =>
  packet(0, Buffer.concat([Buffer.from([3]), Buffer.from(sql, "utf8")]));

/** A stream cut at these places, given as fractions of its length. */
export function cutAt(stream: Buffer, fractions: readonly number[]): readonly Buffer[] {
  const places = fractions.map((fraction) => Math.floor(fraction * stream.length)).sort((a, b) => a - b);
  return [0, ...places].map((start, i) => stream.subarray(start, places[i] ?? stream.length));
}
