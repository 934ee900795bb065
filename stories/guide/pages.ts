// The guide's pages: where each is written, and its name in Storybook. Links between the files become links between
// the pages.

/** Files of the repository, by the name of the page that shows them. */
export const PAGES: Readonly<Record<string, string>> = {
  'stories/guide/text/embedding.md': 'embedding',
  'stories/guide/text/frameworks.md': 'frameworks',
  'stories/guide/text/theming.md': 'theming',
  'stories/guide/text/how-it-works.md': 'how it works',
  'stories/guide/text/decisions.md': 'decisions',
  'stories/guide/text/troubleshooting.md': 'troubleshooting',
  'stories/guide/text/threat-model.md': 'threat model',
  'server/OPERATING.md': 'operating',
  'src/protocol/PROTOCOL.md': 'protocol',
  'CONTRIBUTING.md': 'contributing',
};

/** What Storybook makes of the title of a page. */
function storyPath(name: string): string {
  return `./?path=/docs/guide-${name.replaceAll(' ', '-')}--docs`;
}

/** Pages that are made, by the file that makes them. */
const MADE: Readonly<Record<string, string>> = {
  'stories/guide/reference.mdx': storyPath('reference'),
  'stories/guide/try.stories.ts': './?path=/story/guide-try--playground',
};

const LINK = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g;

/**
 * The text of a file as a page: links to other pages lead there, pictures are found, and links to files that are no
 * page become the name of the file.
 *
 * @param path of the file, from the root of the repository
 */
export function pageOf(path: string, text: string): string {
  return text.replaceAll(LINK, (whole, picture: string, label: string, target: string) => {
    if (/^(https?:|#)/.test(target)) return whole;
    const [file = '', anchor] = target.split('#');
    const found = resolve(path, file);
    if (picture !== '') return `![${label}](${found.replace('stories/guide/text/', './')})`;
    const name = PAGES[found];
    const page = MADE[found] ?? (name === undefined ? undefined : storyPath(name));
    if (page !== undefined) return `[${label}](${page}${anchor === undefined ? '' : `#${anchor}`})`;
    return label.includes('`') || label.includes(found) ? label : `${label} (\`${found}\`)`;
  });
}

/** A relative address inside the repository. */
function resolve(from: string, to: string): string {
  return new URL(to, `file:///${from}`).pathname.slice(1);
}
