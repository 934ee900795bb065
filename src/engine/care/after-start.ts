// What a page fetches once its chat has started: it works without, for a while.

export { createBeside } from '../../core/beside.js';
export { DeviceCare } from './device-care.js';
