// The beginning of a text, for where there is little room. Cut between letters as people count them: an emoji of several
// code points, or a letter and its accents, is one.

/** So many letters at most, the last of them … where some are left out. */
export function excerpt(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  let length = 0;
  let end = 0;
  for (const index of starts(text)) {
    length += 1;
    if (length === lengthMax) end = index;
    if (length > lengthMax) return `${text.slice(0, end)}…`;
  }
  return text;
}

function* starts(text: string): Iterable<number> {
  // Firefox has it since 125, of 2024; without it at least no code point is cut.
  if ('Segmenter' in Intl) {
    for (const { index } of new Intl.Segmenter().segment(text)) yield index;
    return;
  }
  let index = 0;
  for (const point of text) {
    yield index;
    index += point.length;
  }
}
