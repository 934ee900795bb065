/** Photos have a database of their own beside the one of this name: a page without photos never opens it. */
export function photosOf(name: string): string {
  return `${name}:photos`;
}
