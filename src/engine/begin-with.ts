// Fetches a part of the program as often as it takes.

/** A part could not be fetched, as on a page without network: again after this. */
export const FETCH_AGAIN_MS = 10_000;

/** Fetches a part and begins with it; tries again until it is there or nobody wants it any more. */
export async function beginWith<Part>(
  fetchPart: () => Promise<Part>,
  isWanted: () => boolean,
  begin: (part: Part) => void,
): Promise<void> {
  try {
    const part = await fetchPart();
    if (isWanted()) begin(part);
  } catch {
    setTimeout(() => isWanted() && void beginWith(fetchPart, isWanted, begin), FETCH_AGAIN_MS);
  }
}

/** Resolves when the part is there; where there is no network it is tried again. */
export function fetched<Part>(fetchPart: () => Promise<Part>): Promise<Part> {
  return new Promise((resolve) => void beginWith(fetchPart, () => true, resolve));
}
