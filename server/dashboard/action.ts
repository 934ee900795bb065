// One thing an administrator can do: what is asked before, what is done, and how it is seen that it was done.

import { LIMITS } from '../../src/protocol/limits.js';
import type { AdminApi } from './api.js';

interface FieldBase {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}

export type Field =
  | (FieldBase & {
      readonly kind: 'text';
      /** In characters. */
      readonly lengthMax: number;
      /** In UTF-8, where the server measures so. */
      readonly bytesMax?: number;
      readonly isLong?: boolean;
      readonly isRequired?: boolean;
    })
  | (FieldBase & { readonly kind: 'choice'; readonly choices: readonly (readonly [value: string, words: string])[] })
  | (FieldBase & { readonly kind: 'check' })
  /** This word has to be typed. */
  | (FieldBase & { readonly kind: 'word'; readonly word: string });

/** Why somebody is muted or banned, or a message removed. */
export const REASON: Field = {
  kind: 'text',
  name: 'reason',
  label: 'Reason',
  hint: 'May be empty.',
  lengthMax: LIMITS.reasonBytesMax,
  bytesMax: LIMITS.reasonBytesMax,
};

/** By the fields' names; a check is `yes` or empty. */
export type Values = Readonly<Record<string, string>>;

export interface Action {
  readonly title: string;
  /** What will happen, to whom, and whether it can be undone. */
  readonly words: string;
  /** What the button says. */
  readonly verb: string;
  readonly isDangerous: boolean;
  readonly fields: readonly Field[];
  /**
   * Does it, looks at the server again, and says what is seen there now.
   * @throws {ApiProblem}
   */
  run(api: AdminApi, values: Values): Promise<string>;
}
