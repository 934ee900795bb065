// What a template may give the element, for frameworks that check templates: derived from the class, so that there is
// no second list. `stories/guide/text/frameworks.md` shows how React, Vue and Svelte are told of it.

import type { LitElement } from 'lit';
import type { FestivalChat } from './element/festival-chat.js';

// The only way to see `readonly`: two conditional types are the same when what they compare is, modifiers included.
/* eslint-disable @typescript-eslint/no-unnecessary-type-parameters -- it is the type parameter that is compared */
type IsSame<A, B> = (<Probe>() => Probe extends A ? 1 : 2) extends <Probe>() => Probe extends B ? 1 : 2 ? true : false;
/* eslint-enable @typescript-eslint/no-unnecessary-type-parameters */

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** A property that can be set, and is no method. */
type Settable<Key extends keyof FestivalChat> = FestivalChat[Key] extends (...args: never[]) => unknown
  ? never
  : IsSame<Pick<FestivalChat, Key>, Writable<Pick<FestivalChat, Key>>> extends true
    ? Key
    : never;

type PropertyName = { [Key in keyof FestivalChat]: Settable<Key> }[Exclude<keyof FestivalChat, keyof LitElement>];

/** `maxPeers` is the attribute `max-peers`. */
type Kebab<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${Kebab<Rest>}`
    : `-${Lowercase<First>}${Kebab<Rest>}`
  : '';

/** Properties with a value that can be written in HTML. */
type AttributeName = {
  [Name in PropertyName]: FestivalChat[Name] extends string | boolean | null ? Name : never;
}[PropertyName];

type AttributeValue<Value> = Value extends boolean ? boolean : string | number | undefined;

type EventName = Extract<keyof HTMLElementEventMap, `fc-${string}`>;

type Values = { [Name in AttributeName as Kebab<Name>]?: AttributeValue<FestivalChat[Name]> } & {
  [Name in Exclude<PropertyName, Lowercase<AttributeName>>]?: FestivalChat[Name];
};

/** Attributes and properties of `<festival-chat>`, all optional, and listeners as `onfc-message`: React 19, Svelte. */
export type FestivalChatProps = Values & {
  [Name in EventName as `on${Name}`]?: (event: HTMLElementEventMap[Name]) => void;
};

/** The same with listeners as Vue names those of `@fc-message`. */
export type FestivalChatVueProps = Values & {
  [Name in EventName as Name extends `fc-${infer What}` ? `onFc${Capitalize<What>}` : never]?: (
    event: HTMLElementEventMap[Name],
  ) => void;
};
