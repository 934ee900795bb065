// What text may be on the wire: well-formed, without control characters, not empty-looking.
// Writers normalise, readers refuse what is not normal, so every replica holds the same bytes.

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** C0 and C1 controls, except tab and line feed, which are text. */
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
/** Bidirectional formatting characters: text isolates them when shown, names may not hold them (rule X2). */
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
/** Something a person can see: not a separator, control, format character, or blank-looking filler. */
const VISIBLE = /[^\p{Z}\p{C}\u115F\u1160\u3164\uFFA0\u2800\u034F]/u;

/** The form in which text is signed: well-formed, line feeds only, no control characters, trimmed. */
export function normalizeText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(LONE_SURROGATE, '\uFFFD').replace(CONTROL, '').trim();
}

/** The form in which a display name is signed: as text, on one line, without bidirectional controls. */
export function normalizeName(name: string): string {
  return normalizeText(name.replace(BIDI, '').replace(/\s+/g, ' '));
}

export function isNormalText(text: string): boolean {
  return normalizeText(text) === text && VISIBLE.test(text);
}

export function isNormalName(name: string): boolean {
  return normalizeName(name) === name && VISIBLE.test(name);
}

/** Number of Unicode code points; what people type is counted in these. */
export function codePointLength(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Number of bytes of `text` in UTF-8, without encoding it. Expects well-formed text. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      bytes += 4;
      index += 1;
    } else bytes += 3;
  }
  return bytes;
}

/** Encodes as UTF-8. Pure: `TextEncoder` belongs to the platform, and this folder runs on none. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(utf8Length(text));
  let at = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0xfffd;
    if (point < 0x80) bytes[at++] = point;
    else if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >> 6);
      bytes[at++] = 0x80 | (point & 0x3f);
    } else if (point < 0x10000) {
      bytes[at++] = 0xe0 | (point >> 12);
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[at++] = 0x80 | (point & 0x3f);
    } else {
      bytes[at++] = 0xf0 | (point >> 18);
      bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
      bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
      bytes[at++] = 0x80 | (point & 0x3f);
    }
  }
  return bytes;
}
