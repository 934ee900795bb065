// What a page fetches when there is somebody to link to: the part of the core that has links, and the links themselves.

export { createPeers } from '../core/peer-side.js';
export { PeerLinks } from './peer-links.js';
