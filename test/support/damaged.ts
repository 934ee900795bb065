/** A text with the letter at an index changed, whatever it was. */
export function damaged(text: string, at: number): string {
  return text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1);
}
