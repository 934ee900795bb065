// Tests that need a browser: test/browser/**, in the Chromium that test/support finds.

import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { chromiumArgs, findChromium } from './test/support/find-chromium.js';

export default {
  files: 'test/browser/**/*.test.ts',
  nodeResolve: { browser: true, exportConditions: ['production'] },
  browsers: [
    chromeLauncher({ launchOptions: { executablePath: findChromium(), args: [...chromiumArgs] }, concurrency: 1 }),
  ],
  plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig: 'tsconfig.base.json' })],
  testFramework: { config: { timeout: 10_000 } },
  testsFinishTimeout: 180_000,
};
