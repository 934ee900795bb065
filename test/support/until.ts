// Waiting for what has no event: asked again until it is so. Only the stage's bound on its time ends it otherwise.

const EVERY_MS = 50;

export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
}
