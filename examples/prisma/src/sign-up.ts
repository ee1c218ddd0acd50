import type { Prisma, PrismaClient } from "./generated/client.ts";

const maxAttempts = 5;

/** The id of the user with this address, who is created if there is none. */
export async function signUp(prisma: PrismaClient, email: string): Promise<number> {
  return prisma.$transaction((tx) => findOrCreate(tx, email));
}

/** The same at SERIALIZABLE, and again when PostgreSQL refuses: then the other one's user is found. */
export async function signUpSerializable(prisma: PrismaClient, email: string): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await prisma.$transaction((tx) => findOrCreate(tx, email), { isolationLevel: "Serializable" });
    } catch (error) {
      if (attempt === maxAttempts || !isRefused(error)) throw error;
    }
  }
}

async function findOrCreate(tx: Prisma.TransactionClient, email: string): Promise<number> {
  const found = await tx.user.findFirst({ where: { email } });
  return (found ?? (await tx.user.create({ data: { email } }))).id;
}

/** Whether another transaction was in the way. In COMMIT it is an error of the adapter, and has no code yet. */
function isRefused(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: { kind?: string } };
  return code === "P2034" || cause?.kind === "TransactionWriteConflict";
}
