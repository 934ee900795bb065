// Seeded randomness: the same seed gives the same run on any machine.

export type Random = () => number;

/** mulberry32 (public domain, T. Ettinger): uniform in [0, 1), period 2^32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<Item>(random: Random, items: readonly Item[]): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

export function between(random: Random, low: number, high: number): number {
  return low + random() * (high - low);
}
