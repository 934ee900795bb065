// The door: everything received passes here before anything looks at it.

import * as v from 'valibot';
import { decoded } from './decode-served.js';
import type { Decoded } from './decode-served.js';
import { frameSchema } from './frames.js';
import type { Frame } from './frames.js';
import { LIMITS } from './limits.js';
import { utf8Length } from './text.js';

/** Decodes a frame that the transport has already parsed from JSON. Never throws. */
export function decodeFrame(input: unknown): Decoded {
  return decoded(v.safeParse(frameSchema, input, { abortEarly: true }));
}

/** Decodes a frame from text. Too long, not JSON and not a frame are refused alike. Never throws. */
export function decodeFrameText(text: unknown): Decoded {
  if (typeof text !== 'string') return { ok: false, problem: 'not text' };
  if (text.length > LIMITS.frameBytesMax || utf8Length(text) > LIMITS.frameBytesMax) {
    return { ok: false, problem: 'frame too large' };
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'not JSON' };
  }
  return decodeFrame(parsed);
}

export function encodeFrameText(frame: Frame): string {
  return JSON.stringify(frame);
}
