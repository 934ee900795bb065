// The manifest that editors, Storybook and frameworks read: made from the docblocks.
export default {
  globs: ['src/element/*.ts', 'src/element/extras/*.ts'],
  exclude: [
    'src/element/*-styles.ts',
    'src/element/extras/*-styles.ts',
    'src/element/tokens.ts',
    'src/element/*icons.ts',
    'src/element/themes.ts',
  ],
  outdir: 'dist',
  litelement: true,
};
