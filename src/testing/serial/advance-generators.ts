import type { Catalogue } from "./catalogue.ts";
import { type Generator, generatorsOf, roomForFunctions, type Standing } from "./generators.ts";
import type { Ask } from "./outcome.ts";

/**
 * By how much a generator is moved on, by its number among all. Odd, so that whatever asks whether a key is even is seen
 * to depend on it; and each by another amount, so that those which go in step no longer do.
 */
function advanceOf(generator: number): number {
  return 17 + 2 * generator;
}

/** A generator that had too little room to be moved on, and how it stood. */
export interface Unmoved {
  readonly generator: Generator;
  readonly standing: Standing;
}

/** Generators that were moved on. */
export interface Advanced {
  /** The position of each: the highest number that it has handed out or passed over. */
  readonly positions: readonly number[];
  readonly unmoved: readonly Unmoved[];
}

/**
 * Moves every sequence and every AUTO_INCREMENT on, so that what runs next gets other keys. One that has too little room
 * left stays where it is. In MySQL and MariaDB this is an ALTER TABLE: no transaction may be open.
 */
export async function advanceGenerators(ask: Ask, catalogue: Catalogue): Promise<Advanced> {
  const positions: number[] = [];
  const unmoved: Unmoved[] = [];
  for (const [i, generator] of generatorsOf(catalogue).entries()) {
    const by = advanceOf(i);
    let standing = await generator.look(ask);
    if (standing.left < by + roomForFunctions) unmoved.push({ generator, standing });
    else {
      await generator.advance(ask, by);
      standing = await generator.look(ask);
    }
    positions.push(standing.position);
  }
  return { positions, unmoved };
}

/** The highest number that each sequence and AUTO_INCREMENT has handed out or passed over. In MariaDB a sequence is moved on by one. */
export async function generatorPositions(ask: Ask, catalogue: Catalogue): Promise<readonly number[]> {
  const positions: number[] = [];
  for (const generator of generatorsOf(catalogue)) positions.push((await generator.look(ask)).position);
  return positions;
}

/** Which of those that could not be moved on may have handed out something since, by name. */
export async function usedSince(ask: Ask, unmoved: readonly Unmoved[]): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { generator, standing } of unmoved) {
    const { mark } = standing;
    if (mark === undefined || (await generator.look(ask)).mark !== mark) names.push(generator.name);
  }
  return names;
}
