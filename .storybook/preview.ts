// What every story stands in: the elements, the tables from the manifest, and a toolbar for all that changes their look.

import { setCustomElementsManifest } from '@storybook/web-components-vite';
import type { Preview } from '@storybook/web-components-vite';
import { configure } from 'storybook/test';
import manifest from '../dist/custom-elements.json';
import '../src/define.js';

setCustomElementsManifest(manifest);
// Play functions wait for conditions; only a hang takes this long, also on a machine that is busy.
configure({ asyncUtilTimeout: 10_000 });

const preview: Preview = {
  parameters: {
    layout: 'padded',
    controls: { expanded: true },
    options: {
      storySort: {
        order: [
          'guide',
          [
            'embedding',
            'try',
            'frameworks',
            'theming',
            'reference',
            'troubleshooting',
            'how it works',
            'decisions',
            'operating',
            'protocol',
            'threat model',
            'contributing',
          ],
        ],
      },
    },
  },
  globalTypes: {
    colours: {
      description: 'Colour mode',
      toolbar: { icon: 'contrast', items: ['light', 'dark'], dynamicTitle: true },
    },
    theme: {
      description: 'Ready look',
      toolbar: {
        icon: 'paintbrush',
        items: [
          { value: '', title: 'plain' },
          { value: 'low-tide', title: 'low-tide' },
          { value: 'neon', title: 'neon' },
          { value: 'meadow', title: 'meadow' },
          { value: 'desert', title: 'desert' },
        ],
        dynamicTitle: true,
      },
    },
    direction: {
      description: 'Direction of writing',
      toolbar: { icon: 'transfer', items: ['ltr', 'rtl'], dynamicTitle: true },
    },
    language: {
      description: 'Language',
      toolbar: { icon: 'globe', items: ['en', 'es', 'de', 'fr', 'pt', 'ar'], dynamicTitle: true },
    },
    width: {
      description: 'Width of the chat',
      toolbar: {
        icon: 'ruler',
        items: [
          { value: '', title: 'as the story says' },
          { value: '17.5rem', title: 'watch-thin, 280 px' },
          { value: '24.375rem', title: 'phone, 390 px' },
          { value: '40rem', title: 'column, 640 px' },
          { value: '100%', title: 'all there is' },
        ],
        dynamicTitle: true,
      },
    },
    network: {
      description: 'Network',
      toolbar: {
        icon: 'signal',
        items: [
          { value: '', title: 'as the story says' },
          { value: 'online', title: 'online' },
          { value: 'mesh-only', title: 'mesh only' },
          { value: 'offline', title: 'offline' },
        ],
        dynamicTitle: true,
      },
    },
  },
  initialGlobals: { direction: 'ltr', colours: 'light', theme: '', language: 'en', width: '', network: '' },
  decorators: [
    (story, { globals }) => {
      document.documentElement.dir = globals['direction'] === 'rtl' ? 'rtl' : 'ltr';
      document.documentElement.lang = String(globals['language']);
      document.body.style.background = globals['colours'] === 'dark' ? '#0d0b12' : '#ffffff';
      return story();
    },
  ],
};

export default preview;
