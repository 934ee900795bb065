// What every story stands in: the elements, the tables from the manifest, and a toolbar for direction and colours.

import { setCustomElementsManifest } from '@storybook/web-components-vite';
import type { Preview } from '@storybook/web-components-vite';
import manifest from '../dist/custom-elements.json';
import '../src/define.js';

setCustomElementsManifest(manifest);

const preview: Preview = {
  parameters: { layout: 'padded', controls: { expanded: true } },
  globalTypes: {
    direction: {
      description: 'Direction of writing',
      toolbar: { icon: 'transfer', items: ['ltr', 'rtl'], dynamicTitle: true },
    },
    colours: {
      description: 'Colour mode',
      toolbar: { icon: 'contrast', items: ['light', 'dark'], dynamicTitle: true },
    },
  },
  initialGlobals: { direction: 'ltr', colours: 'light' },
  decorators: [
    (story, { globals }) => {
      document.documentElement.dir = globals['direction'] === 'rtl' ? 'rtl' : 'ltr';
      document.documentElement.lang = 'en';
      document.body.style.background = globals['colours'] === 'dark' ? '#0d0b12' : '#ffffff';
      return story();
    },
  ],
};

export default preview;
