// What later records say about a message: edits, a retraction, reactions. Each rule is a maximum over
// (time, id), so any order of arrival ends in the same state (rule R6).

import type { AuthorId, RecordId } from '../protocol/ids.js';
import { authorOf } from '../protocol/ids.js';
import { idOf } from '../protocol/record.js';
import type { RecordBody, RecordDraft } from '../protocol/record.js';
import { compareKeys } from './order.js';
import type { OrderKey } from './order.js';

type Amendment = Extract<RecordBody, { kind: 'edit' | 'retract' | 'reaction' }>;

interface Reaction extends OrderKey {
  readonly isOn: boolean;
}

interface Target {
  edit: (OrderKey & { readonly text: string }) | null;
  isRetracted: boolean;
  /** By emoji, then by author. */
  readonly reactions: Map<string, Map<AuthorId, Reaction>>;
}

export class Amendments {
  readonly #targets = new Map<RecordId, Target>();

  /** Takes an amendment into account; a stranger's edit or retraction has no effect. */
  add(record: RecordDraft & { readonly body: Amendment }): void {
    const { body, author } = record;
    const key = { time: record.time, id: idOf(record) };
    const isByTargetAuthor = author === authorOf(body.target);
    const target = this.#target(body.target);
    if (body.kind === 'reaction') {
      const authors = target.reactions.get(body.emoji) ?? new Map<AuthorId, Reaction>();
      target.reactions.set(body.emoji, authors);
      const earlier = authors.get(author);
      if (earlier === undefined || compareKeys(earlier, key) < 0) authors.set(author, { ...key, isOn: body.isOn });
    } else if (isByTargetAuthor && body.kind === 'retract') {
      target.isRetracted = true;
    } else if (isByTargetAuthor && body.kind === 'edit') {
      if (target.edit === null || compareKeys(target.edit, key) < 0) target.edit = { ...key, text: body.text };
    }
  }

  editedText(id: RecordId): string | null {
    return this.#targets.get(id)?.edit?.text ?? null;
  }

  isRetracted(id: RecordId): boolean {
    return this.#targets.get(id)?.isRetracted ?? false;
  }

  /** Authors by emoji, only those that stand. */
  reactions(id: RecordId): ReadonlyMap<string, ReadonlySet<AuthorId>> {
    const standing = new Map<string, Set<AuthorId>>();
    for (const [emoji, authors] of this.#targets.get(id)?.reactions ?? []) {
      const on = new Set<AuthorId>();
      for (const [author, reaction] of authors) if (reaction.isOn) on.add(author);
      if (on.size > 0) standing.set(emoji, on);
    }
    return standing;
  }

  /** Forgets what was said about a message that was dropped. */
  forget(id: RecordId): void {
    this.#targets.delete(id);
  }

  clear(): void {
    this.#targets.clear();
  }

  #target(id: RecordId): Target {
    const known = this.#targets.get(id);
    if (known !== undefined) return known;
    const target: Target = { edit: null, isRetracted: false, reactions: new Map() };
    this.#targets.set(id, target);
    return target;
  }
}

export function isAmendment(record: RecordDraft): record is RecordDraft & { readonly body: Amendment } {
  const { kind } = record.body;
  return kind === 'edit' || kind === 'retract' || kind === 'reaction';
}
