// What a page fetches when there is somebody to link to: the part of the core that has links, the links themselves,
// and what the device reports for the choice of who serves others.

export { createPeers } from '../core/peer-side.js';
export { watchDevice } from './device-sensor.js';
export { PeerLinks } from './peer-links.js';
