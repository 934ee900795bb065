// What stands under the seal in a crew room: what visitors say anywhere, and what only a crew has to say (rule K3).

import * as v from 'valibot';
import { list, shaped } from '../fields.js';
import { PATTERNS } from '../ids.js';
import { LIMITS } from '../limits.js';
import { SEALABLE_BODIES, authorSchema, nameSchema } from '../record.js';
import type { RecordBody, VisitorBody } from '../record.js';

/** 65 bytes of a P-256 point, uncompressed, in base64url. */
const agreementKeySchema = shaped(/^[A-Za-z0-9_-]{87}$/);
const keyIdSchema = shaped(PATTERNS.session);
/** 32 bytes of key and 16 of tag. */
const wrapSchema = shaped(/^[A-Za-z0-9_-]{64}$/);

const cardSchema = v.strictObject({ kind: v.literal('card'), name: nameSchema, key: agreementKeySchema });
const rotateSchema = v.strictObject({
  kind: v.literal('rotate'),
  next: keyIdSchema,
  from: agreementKeySchema,
  wraps: list(v.strictTuple([authorSchema, wrapSchema]), LIMITS.crewMembersMax),
  removed: list(authorSchema, LIMITS.crewMembersMax),
});
const openedSchema = v.variant('kind', [...SEALABLE_BODIES, cardSchema, rotateSchema]);

/** A member of a crew room tells who it is (rule K4). */
export type Card = Readonly<v.InferOutput<typeof cardSchema>>;
/** The founder gives those that stay another key (rule K5). */
export type Rotation = Readonly<v.InferOutput<typeof rotateSchema>>;
export type OpenedBody = VisitorBody | Card | Rotation;

/** Null for what no member would have sealed. Never throws. */
export function decodeOpened(input: unknown): OpenedBody | null {
  const result = v.safeParse(openedSchema, input, { abortEarly: true });
  return result.success ? result.output : null;
}

/** True for what visitors may seal. */
export function isVisitorBody(body: RecordBody | OpenedBody): body is VisitorBody {
  return ['message', 'edit', 'retract', 'reaction'].includes(body.kind);
}
