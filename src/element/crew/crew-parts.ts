// What is fetched when a private room is opened, or private rooms are asked about.

import { FcCrew } from './fc-crew.js';
import { FcCrewMark } from './fc-crew-mark.js';

export const CREW_ELEMENTS = { 'fc-crew': FcCrew, 'fc-crew-mark': FcCrewMark } as const;
