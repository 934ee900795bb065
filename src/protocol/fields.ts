// The kinds of values that records and frames are made of. Each is one check: a bound is looked at before anything
// within it, and a page carries one way to check and not one for each kind of bound.

import * as v from 'valibot';

/** A whole number from `min` to `max`, both included. */
/* @__NO_SIDE_EFFECTS__ */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER): v.GenericSchema<number> {
  return v.custom<number>((value) => Number.isSafeInteger(value) && isWithin(value, min, max));
}

/** Any number from `min` to `max`, both included. */
/* @__NO_SIDE_EFFECTS__ */
export function between(min: number, max: number): v.GenericSchema<number> {
  return v.custom<number>((value) => isWithin(value, min, max));
}

export const yesOrNo: v.GenericSchema<boolean> = v.custom<boolean>((value) => typeof value === 'boolean');

/** Text of at most so many UTF-16 units that is good. */
/* @__NO_SIDE_EFFECTS__ */
export function text(lengthMax: number, isGood: (text: string) => boolean = () => true): v.GenericSchema<string> {
  return v.custom<string>((value) => typeof value === 'string' && value.length <= lengthMax && isGood(value));
}

/** Text of this form. */
/* @__NO_SIDE_EFFECTS__ */
export function shaped<Name extends string = string>(form: RegExp, lengthMax = Infinity): v.GenericSchema<Name> {
  return v.custom<Name>((value) => typeof value === 'string' && value.length <= lengthMax && form.test(value));
}

/* @__NO_SIDE_EFFECTS__ */
export function oneOf<const Value extends string | number>(values: readonly Value[]): v.GenericSchema<Value> {
  return v.custom<Value>((value) => values.includes(value as Value));
}

/* @__NO_SIDE_EFFECTS__ */
export function list<Item extends v.GenericSchema>(
  item: Item,
  lengthMax: number,
  lengthMin = 0,
): v.GenericSchema<v.InferInput<Item>[], v.InferOutput<Item>[]> {
  return v.pipe(
    v.custom<v.InferInput<Item>[]>((value) => Array.isArray(value) && isWithin(value.length, lengthMin, lengthMax)),
    v.array(item),
  );
}

function isWithin(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}
