// The door: everything received passes here before anything looks at it.

import * as v from 'valibot';
import { frameSchema } from './frames.js';
import type { Frame } from './frames.js';
import { LIMITS } from './limits.js';
import { utf8Length } from './text.js';

export type Decoded =
  | { readonly ok: true; readonly frame: Frame }
  /** `problem` is for a log or a test: it never repeats what was received. */
  | { readonly ok: false; readonly problem: string };

/** Decodes a frame that the transport has already parsed from JSON. Never throws. */
export function decodeFrame(input: unknown): Decoded {
  const result = v.safeParse(frameSchema, input, { abortEarly: true });
  if (result.success) return { ok: true, frame: result.output };
  return { ok: false, problem: `not a frame: ${whereOf(result.issues)}` };
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

/** The path of the first issue, made of names of the schema and positions only. */
function whereOf(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const keys = (issues[0].path ?? []).map((item) =>
    typeof item.key === 'number' ? String(item.key) : issues[0].type === 'strict_object' ? 'field' : String(item.key),
  );
  return `${issues[0].type} at ${keys.join('.').slice(0, 80) || 'top'}`;
}
