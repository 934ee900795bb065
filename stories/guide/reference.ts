// The reference of <festival-chat>, made from the manifest, which is made from the docblocks.

interface Named {
  readonly name: string;
  readonly description?: string;
}

interface Member extends Named {
  readonly kind: 'field' | 'method';
  readonly privacy?: string;
  readonly static?: boolean;
  readonly type?: { readonly text: string };
  readonly parameters?: readonly {
    readonly name: string;
    readonly optional?: boolean;
    readonly type?: { readonly text: string };
  }[];
  readonly return?: { readonly type?: { readonly text: string } };
  readonly attribute?: string;
}

export interface Attribute extends Named {
  readonly type?: { readonly text: string };
}

interface Declaration {
  readonly tagName?: string;
  readonly attributes?: readonly Attribute[];
  readonly events?: readonly Partial<Named>[];
  readonly slots?: readonly Named[];
  readonly cssParts?: readonly Named[];
  readonly cssProperties?: readonly Named[];
  readonly members?: readonly Member[];
}

export interface Manifest {
  readonly modules: readonly { readonly declarations?: readonly Declaration[] }[];
}

/** Parts of these are handed on: a page styles them as the element's own. */
const INNER = ['fc-message-list', 'fc-composer', 'fc-status', 'fc-name-prompt'];

export interface Reference {
  readonly attributes: readonly Attribute[];
  readonly properties: readonly Member[];
  readonly methods: readonly Member[];
  readonly events: readonly Named[];
  readonly slots: readonly Named[];
  readonly parts: readonly Named[];
  readonly tokens: readonly Named[];
}

/** What a page may use of the element. */
export function referenceOf(manifest: Manifest): Reference {
  const chat = declaration(manifest, 'festival-chat');
  const members = (chat.members ?? []).filter((member) => member.privacy === undefined && member.static !== true);
  const parts = INNER.flatMap((tag) => declaration(manifest, tag).cssParts ?? []);
  const own = chat.cssParts ?? [];
  return {
    attributes: chat.attributes ?? [],
    properties: members.filter((member) => member.kind === 'field' && member.attribute === undefined),
    methods: members.filter((member) => member.kind === 'method'),
    // The analyzer also lists events that it cannot name; those have no docblock.
    events: (chat.events ?? []).filter((event): event is Named => event.name !== undefined),
    slots: chat.slots ?? [],
    parts: [...own, ...parts.filter((part) => !own.some(({ name }) => name === part.name))],
    tokens: chat.cssProperties ?? [],
  };
}

/** The reference as Markdown. */
export function referencePage(manifest: Manifest): string {
  const { attributes, properties, methods, events, slots, parts, tokens } = referenceOf(manifest);
  return [
    '# Reference of `<festival-chat>`',
    'Made from the docblocks of the source. An invalid value of an attribute counts as absent, and is told once in the console.',
    table('Attributes', attributes, ({ name }) => name),
    table('Properties', properties, ({ name, type }) => `${name}: ${type?.text ?? 'unknown'}`),
    table('Methods', methods, signature),
    table('Events', events, ({ name }) => name),
    table('Slots', slots, ({ name }) => name),
    table('Parts', parts, ({ name }) => `::part(${name})`),
    table('Custom properties', tokens, ({ name }) => name),
    '## State attributes',
    '`data-connection` (`connecting`, `online`, `mesh-only`, `offline`) and `data-route` (`websocket`, `p2p`, `none`) are set on the element, for a page to style by.',
  ].join('\n\n');
}

function declaration(manifest: Manifest, tag: string): Declaration {
  const all = manifest.modules.flatMap((module) => module.declarations ?? []);
  const found = all.find((each) => each.tagName === tag);
  if (found === undefined) throw new Error(`the manifest has no ${tag}`);
  return found;
}

function table<Row extends Named>(title: string, rows: readonly Row[], first: (row: Row) => string): string {
  const lines = rows.map((row) => `| \`${cell(first(row))}\` | ${cell(row.description ?? '')} |`);
  return [`## ${title}`, '', '| name | what it is |', '|---|---|', ...lines].join('\n');
}

function signature({ name, parameters = [], return: returned }: Member): string {
  const list = parameters.map(
    (each) => `${each.name}${each.optional === true ? '?' : ''}: ${each.type?.text ?? 'unknown'}`,
  );
  return `${name}(${list.join(', ')}): ${returned?.type?.text ?? 'void'}`;
}

/** One line of text in a table: a bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
}
