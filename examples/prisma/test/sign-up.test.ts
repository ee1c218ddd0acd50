import { race, startServer, type TestServer } from "isolab/vitest";
import { afterAll, beforeAll, expect, test } from "vitest";

import { openDatabase } from "../src/database.ts";
import type { PrismaClient } from "../src/generated/client.ts";
import { signUp, signUpSerializable } from "../src/sign-up.ts";

let server: TestServer;
let prisma: PrismaClient;

beforeAll(async () => {
  server = await startServer("postgres");
  prisma = openDatabase(server.url);
  await prisma.$executeRaw`create table users (id serial primary key, email text not null)`;
});

afterAll(async () => {
  await prisma.$disconnect();
  await server.stop();
});

// Prisma's adapter opens its connections itself, so the race is given the URL.
const signUps = (how: typeof signUp) =>
  race(server.url, {
    isolation: "read committed",
    setup: "truncate users restart identity",
    sessions: [() => how(prisma, "ada@example.com"), () => how(prisma, "ada@example.com")],
    invariant: {
      "one user per address": async (query) => {
        const { rows } = await query("select id from users");
        expect(rows).toHaveLength(1);
      },
    },
    schedules: 200,
    seed: 1,
  });

test("two sign-ups at once make two users of one address", async () => {
  await expect(signUps(signUp)).rejects.toThrow('"one user per address" is broken');
});

test("at SERIALIZABLE with a retry, the second finds the first one's user", async () => {
  await signUps(signUpSerializable);
});
