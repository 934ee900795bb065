// Waiting for what has no event: asked again until it is so.

const EVERY_MS = 50;
/** Conditions are waited for; only a hang takes this long. */
const PATIENCE_MS = 60_000;

/** @param patienceMs for what is meant to take long. Default 60,000 */
export async function until(isSo: () => Promise<boolean> | boolean, patienceMs = PATIENCE_MS): Promise<void> {
  const giveUpAtMs = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > giveUpAtMs) throw new Error('the condition did not come');
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

/** The same result, or an error that says what did not come within that time. */
export async function within<Result>(ms: number, what: string, result: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${String(ms / 1_000)} s: ${what}`)), ms);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
