// The manifest that editors, Storybook and frameworks read: made from the docblocks; and from it what VS Code and
// JetBrains' editors complete in a page: the one element that a page names, without its parts.
import { generateJetBrainsWebTypes } from 'custom-element-jet-brains-integration';
import { generateVsCodeCustomElementData } from 'custom-element-vs-code-integration';

const outdir = 'dist';

/** Of attributes with a fixed set of values: as a type, from the rules that check them (`attributes.ts`). */
const typeOfAttribute = new Map();

function withValues(attribute) {
  const text = typeOfAttribute.get(attribute.name);
  return text === undefined ? attribute : { ...attribute, type: { text } };
}

const editorData = {
  name: 'editor-data',
  analyzePhase({ ts, node }) {
    if (!ts.isPropertyAssignment(node) || !ts.isCallExpression(node.initializer)) return;
    if (node.initializer.expression.getText() !== 'oneOf') return;
    const values = node.initializer.arguments.map(({ text }) => `'${text}'`);
    typeOfAttribute.set(node.name.text, values.join(' | '));
  },
  packageLinkPhase({ customElementsManifest }) {
    const modules = customElementsManifest.modules.map((module) => ({
      ...module,
      declarations: module.declarations
        ?.filter(({ tagName }) => tagName === 'festival-chat')
        .map((element) => ({ ...element, attributes: element.attributes.map(withValues) })),
    }));
    const ofPages = { ...customElementsManifest, modules };
    const options = { outdir, hideLogs: true };
    generateVsCodeCustomElementData(ofPages, {
      ...options,
      htmlFileName: 'vscode.html-custom-data.json',
      cssFileName: 'vscode.css-custom-data.json',
    });
    generateJetBrainsWebTypes(ofPages, { ...options, webTypesFileName: 'web-types.json', packageJson: false });
  },
};

export default {
  globs: ['src/element/*.ts', 'src/element/extras/*.ts'],
  exclude: [
    'src/element/*-styles.ts',
    'src/element/extras/*-styles.ts',
    'src/element/tokens.ts',
    'src/element/*icons.ts',
    'src/element/themes.ts',
  ],
  outdir,
  litelement: true,
  plugins: [editorData],
};
