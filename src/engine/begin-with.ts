// Fetches a part of the program as often as it takes.

/** A part could not be fetched, as on a page without network: again after this. */
export const FETCH_AGAIN_MS = 10_000;

/** Fetches a part and begins with it; tries again until it is there or nobody wants it any more. */
export async function beginWith<Part>(
  fetchPart: () => Promise<Part>,
  isWanted: () => boolean,
  begin: (part: Part) => void,
): Promise<void> {
  const part = await fetched(fetchPart, isWanted).catch(() => null);
  if (part !== null && isWanted()) begin(part);
}

/** Resolves when the part is there; where there is no network it is tried again, as long as somebody wants it. */
export async function fetched<Part>(fetchPart: () => Promise<Part>, isWanted = (): boolean => true): Promise<Part> {
  for (;;) {
    try {
      return await fetchPart();
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve, FETCH_AGAIN_MS));
      if (!isWanted()) throw error;
    }
  }
}
