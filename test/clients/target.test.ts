import { describe, expect, test } from "vitest";

import { EnvironmentError } from "../../src/clients/database-error.ts";
import { parseTarget } from "../../src/clients/target.ts";

test("takes a URL apart and decodes it", () => {
  expect(
    parseTarget("postgresql://us%40er:p%2Fw%3A@db.example:6000/my%20db?sslmode=verify-full&x=1"),
  ).toEqual({
    dialect: "postgres",
    host: "db.example",
    port: 6000,
    user: "us@er",
    password: "p/w:",
    database: "my db",
    tls: "verify-full",
    label: "db.example:6000/my db",
    ignored: ["x"],
  });
});

test("knows the default ports, and MariaDB's scheme as MySQL's dialect", () => {
  expect(parseTarget("postgres://h").port).toBe(5432);
  expect(parseTarget("mariadb://root@[::1]")).toMatchObject({
    dialect: "mysql",
    host: "::1",
    port: 3306,
    label: "[::1]:3306",
    password: undefined,
    database: undefined,
    tls: "off",
  });
});

test.each([
  ["?ssl-mode=REQUIRED", "encrypt"],
  ["?ssl=true", "encrypt"],
  ["?sslmode=disable", "off"],
  ["?ssl-mode=VERIFY_CA", "verify-ca"],
  ["?ssl-mode=VERIFY_IDENTITY", "verify-full"],
])("%s asks for TLS: %s", (query, tls) => {
  expect(parseTarget(`mysql://h/${query}`).tls).toBe(tls);
});

describe("what is wrong is told without repeating the URL", () => {
  const secret = "hunter2";
  test.each([
    [
      "another scheme",
      `sqlserver://u:${secret}@h/d`,
      /begins with postgres:\/\/, mysql:\/\/ or mariadb:\/\//,
    ],
    ["no URL", `u:${secret}@`, /begins with|cannot be read/],
    ["a port that is none", `postgres://u:${secret}@h:port/d`, /cannot be read/],
    ["a lone percent sign", `postgres://u:${secret}%@h/d`, /write %25/],
    ["an unknown TLS mode", `postgres://u:${secret}@h/d?sslmode=maybe`, /asks for sslmode/],
  ])("%s", (_, url, expected) => {
    let error: unknown;
    try {
      parseTarget(url);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(EnvironmentError);
    expect((error as Error).message).toMatch(expected);
    expect(JSON.stringify([error, (error as Error).cause, String(error)])).not.toContain(secret);
  });
});
