import type { DatabaseKind } from "../history/header.ts";
import type { Nemesis, Strike } from "./nemesis.ts";

/**
 * Several faults at once, as `a+b`: they strike one after another and are undone in the opposite order. Where one of
 * them cannot be injected, those before it are undone.
 */
export function compose(first: Nemesis, ...others: readonly Nemesis[]): Nemesis {
  const parts = [first, ...others];
  return {
    name: parts.map(({ name }) => name).join("+"),
    summary: parts.map(({ summary }) => summary).join("; "),
    databases: parts.reduce<readonly DatabaseKind[]>(
      (common, { databases }) => common.filter((kind) => databases.includes(kind)),
      first.databases,
    ),
    needs: [...new Set(parts.flatMap(({ needs }) => needs))],
    strike: async (arena, rng) => {
      const strikes: Strike[] = [];
      const undo = async (): Promise<void> => {
        for (const strike of strikes.splice(0).reverse()) await strike.undo?.();
      };
      try {
        for (const part of parts) {
          const strike = await part.strike(arena, rng);
          if (strike !== null) strikes.push(strike);
        }
      } catch (error) {
        await undo();
        throw error;
      }
      if (strikes.length === 0) return null;
      return { did: strikes.map(({ did }) => did).join("; "), undo };
    },
  };
}
