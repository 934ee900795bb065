import { waitUntil as waits } from '@open-wc/testing';

/** Conditions are waited for, also while a slow machine fetches and compiles what they need; less than a test may take. */
const PATIENCE_MS = 8_000;

/** Waits in a browser until it is so. Who gives up says this. */
export function waitUntil(isSo: () => boolean | Promise<boolean>, what = 'the condition did not come'): Promise<void> {
  return waits(isSo, what, { timeout: PATIENCE_MS });
}
