// Lint holds what the compiler cannot: the direction of imports, the purity of the core, one place for registration.

import { configs as lit } from 'eslint-plugin-lit';
import { configs as wc } from 'eslint-plugin-wc';
import tseslint from 'typescript-eslint';

const PURE = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Time is an argument here.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is an argument here.' },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Randomness is an argument here.',
  },
];

const DEFINE = {
  selector: "CallExpression[callee.object.name='customElements'][callee.property.name='define']",
  message: 'Only src/define.ts registers elements.',
};

/** Forbids imports from these folders: protocol ← core ← engine ← element, and server → protocol, core. */
function noImports(...folders) {
  const group = folders.map((folder) => `**/${folder}/**`);
  return ['error', { patterns: [{ group, message: 'Arrows point left: protocol ← core ← engine ← element.' }] }];
}

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      'storybook-static/**',
      'node_modules/**',
      'test-results/**',
      'server/demo/**',
      '.storybook/**',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './tsconfig.worker.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
    },
  },
  {
    files: ['src/protocol/**'],
    rules: {
      'no-restricted-imports': noImports('core', 'engine', 'element', 'server'),
      'no-restricted-syntax': ['error', ...PURE],
    },
  },
  {
    files: ['src/offline/**'],
    rules: { 'no-restricted-imports': noImports('element', 'server') },
  },
  {
    files: ['src/core/**'],
    rules: {
      'no-restricted-imports': noImports('engine', 'element', 'server'),
      'no-restricted-syntax': ['error', ...PURE],
    },
  },
  {
    files: ['src/engine/**'],
    rules: { 'no-restricted-imports': noImports('element', 'server'), 'no-restricted-syntax': ['error', DEFINE] },
  },
  { files: ['src/element/**', 'server/dashboard/**'], ...lit['flat/recommended'] },
  { files: ['src/element/**', 'server/dashboard/**'], ...wc['flat/best-practice'] },
  {
    files: ['src/element/**'],
    rules: { 'no-restricted-imports': noImports('server'), 'no-restricted-syntax': ['error', DEFINE] },
  },
  { files: ['server/**'], rules: { 'no-restricted-imports': noImports('engine', 'element') } },
  {
    files: ['test/**', 'stories/**', '.storybook/**'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' },
          ],
        },
      ],
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
  // An assertion of chai is a promise only where it is awaited.
  { files: ['test/browser/**'], rules: { '@typescript-eslint/no-floating-promises': 'off' } },
  {
    // Lit calls listeners of a template with the element as `this`; tests take apart objects of plain functions.
    files: ['src/element/**', 'server/dashboard/**', 'stories/**', 'test/**'],
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
  { files: ['**/*.js', '**/*.mjs', 'rollup.*.ts'], ...tseslint.configs.disableTypeChecked },
);
