// Long lists in pages.

import type { Context } from 'hono';
import * as v from 'valibot';

/** Entries of one answer, and how many unless asked otherwise. */
export const PAGE = { max: 500, usual: 100 } as const;

export const limitSchema = v.object({
  limit: v.optional(
    v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1), v.maxValue(PAGE.max)),
    String(PAGE.usual),
  ),
});

const pageSchema = v.object({
  ...limitSchema.entries,
  after: v.optional(v.pipe(v.string(), v.maxLength(200))),
  find: v.optional(v.pipe(v.string(), v.maxLength(200), v.toLowerCase()), ''),
});

export interface Listing<Entry> {
  /** By their names' order. */
  readonly entries: readonly Entry[];
  readonly nameOf: (entry: Entry) => string;
  /** What `?find=` is looked for in, whatever its case. */
  readonly wordsOf: (entry: Entry) => readonly string[];
}

/** Adds to the entries of one page what would cost too much to know of all. */
export type Complete<Entry> = (items: readonly Entry[]) => Promise<readonly unknown[]>;

/**
 * `?limit=` of those that hold `?find=`, whose names come after `?after=`. `next` is the name to go on from, or null;
 * `total` counts all that hold it.
 */
export async function page<Entry>(
  c: Context,
  { entries, nameOf, wordsOf }: Listing<Entry>,
  complete: Complete<Entry> = (items) => Promise.resolve(items),
): Promise<Response> {
  const query = v.safeParse(pageSchema, c.req.query());
  if (!query.success) return badLimit(c);
  const { limit, after, find } = query.output;
  const found =
    find === '' ? entries : entries.filter((entry) => wordsOf(entry).some((word) => word.toLowerCase().includes(find)));
  const rest = after === undefined ? found : found.filter((entry) => nameOf(entry) > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const next = last === undefined || items.length === rest.length ? null : nameOf(last);
  return c.json({ total: found.length, items: await complete(items), next });
}

/** Answers with the first `?limit=` of something. */
export async function latest(c: Context, answer: (limit: number) => Promise<Response> | Response): Promise<Response> {
  const query = v.safeParse(limitSchema, c.req.query());
  return query.success ? answer(query.output.limit) : badLimit(c);
}

function badLimit(c: Context): Response {
  return c.json({ code: 'bad-query', message: `limit is a whole number from 1 to ${PAGE.max}.` }, 400);
}
