// The door of a page to its server: what it says passes here before anything looks at it.

import * as v from 'valibot';
import type { Frame } from './frames.js';
import { servedFrameSchema } from './served-frames.js';

export type Decoded =
  | { readonly ok: true; readonly frame: Frame }
  /** `problem` is for a log or a test: it never repeats what was received. */
  | { readonly ok: false; readonly problem: string };

/** Decodes a frame of the server's, which the transport has already parsed from JSON. Never throws. */
export function decodeServed(input: unknown): Decoded {
  return decoded(v.safeParse(servedFrameSchema, input, { abortEarly: true }));
}

export function decoded(result: v.SafeParseResult<v.GenericSchema<unknown, Frame>>): Decoded {
  if (result.success) return { ok: true, frame: result.output };
  return { ok: false, problem: `not a frame: ${whereOf(result.issues)}` };
}

/** The path of the first issue, made of names of the schema and positions only. */
function whereOf(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const keys = (issues[0].path ?? []).map((item) =>
    typeof item.key === 'number' ? String(item.key) : issues[0].type === 'strict_object' ? 'field' : String(item.key),
  );
  return `${issues[0].type} at ${keys.join('.').slice(0, 80) || 'top'}`;
}
