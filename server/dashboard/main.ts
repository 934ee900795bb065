// Registers the dashboard's elements: the only file of it with this effect.

import { AdminActivity } from './admin-activity.js';
import { AdminApp } from './admin-app.js';
import { AdminAudit } from './admin-audit.js';
import { AdminBars } from './admin-bars.js';
import { AdminConfirm } from './admin-confirm.js';
import { AdminDesk } from './admin-desk.js';
import { AdminFigure } from './admin-figure.js';
import { AdminLinks } from './admin-links.js';
import { AdminLog } from './admin-log.js';
import { AdminModeration } from './admin-moderation.js';
import { AdminOverview } from './admin-overview.js';
import { AdminPeople } from './admin-people.js';
import { AdminRoom } from './admin-room.js';
import { AdminRooms } from './admin-rooms.js';
import { AdminServer } from './admin-server.js';
import { AdminSignIn } from './admin-sign-in.js';
import { page } from './look.js';

document.adoptedStyleSheets.push(...[page.styleSheet].flatMap((sheet) => sheet ?? []));

customElements.define('admin-activity', AdminActivity);
customElements.define('admin-audit', AdminAudit);
customElements.define('admin-bars', AdminBars);
customElements.define('admin-confirm', AdminConfirm);
customElements.define('admin-desk', AdminDesk);
customElements.define('admin-figure', AdminFigure);
customElements.define('admin-links', AdminLinks);
customElements.define('admin-log', AdminLog);
customElements.define('admin-moderation', AdminModeration);
customElements.define('admin-overview', AdminOverview);
customElements.define('admin-people', AdminPeople);
customElements.define('admin-room', AdminRoom);
customElements.define('admin-rooms', AdminRooms);
customElements.define('admin-server', AdminServer);
customElements.define('admin-sign-in', AdminSignIn);
// Last: it finds the others ready.
customElements.define('admin-app', AdminApp);
