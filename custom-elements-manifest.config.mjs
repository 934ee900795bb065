// The manifest that editors, Storybook and frameworks read: made from the docblocks.
export default {
  globs: ['src/element/*.ts'],
  exclude: ['src/element/strings.ts', 'src/element/tokens.ts', 'src/element/icons.ts'],
  outdir: 'dist',
  litelement: true,
};
