// What of our own sources is said more shortly in what browsers get, and means the same.

import type { Plugin } from 'rollup';
import { LIMITS } from './src/protocol/limits.js';

/** A decorated property as esbuild writes it. */
const DECORATED = /__decorateClass\(\[\n {2}(property|state)\((.*?)\)\n\], (\w+)\.prototype, "(\w+)", [12]\);/gs;
/** What each file with one begins with: how decorators are called, and Lit's. */
const DECORATING =
  /^var __defProp = [\s\S]*?\n  return result;\n\};\n|import \{[^}]*\} from "lit\/decorators\.js";\n/gm;

/** Lit's decorators call a method of the class; it is called directly, and thirty bytes a property are saved. */
export function plainProperties(): Plugin {
  return {
    name: 'plain-properties',
    transform(code, id) {
      if (!id.includes('/src/element/') || !code.includes('__decorateClass')) return null;
      const plain = code.replace(DECORATED, (_, kind: string, options: string, owner: string, name: string) => {
        const declared = kind === 'state' ? '{ state: true }' : options;
        return `${owner}.createProperty(${[`"${name}"`, declared].filter((part) => part !== '').join(', ')});`;
      });
      const lean = plain.replace(DECORATING, '');
      if (/__decorateClass|decorators\.js/.test(lean)) this.error('a decorator is written in another way');
      return { code: lean, map: null };
    },
  };
}

/** Limits are numbers known now: a page needs neither their names nor those it does not use. */
export function knownLimits(): Plugin {
  const values: Readonly<Record<string, number>> = LIMITS;
  return {
    name: 'known-limits',
    transform(code, id) {
      if (!id.includes('/src/') || !code.includes('LIMITS.')) return null;
      const lean = code.replace(/(?<![\w$])LIMITS\.(\w+)/g, (whole, name: string) => String(values[name] ?? whole));
      return { code: lean, map: null };
    },
  };
}
