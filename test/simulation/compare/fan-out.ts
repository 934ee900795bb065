// Server fan-out: what a chat server does, and plain socket.io's `io.to(room).emit`. An author sends to the server,
// the server to everybody else, and to the author that it has it. Links are TCP's, so there is nothing to repair.
// Not in here: the server's own time for each copy (about 15 µs with socket.io, so 150 ms for the last of 10,000).

import type { Strategy } from './scenario.js';
import { SERVER } from './scenario.js';
import { Trial } from './trial.js';

export const fanOut: Strategy = (scenario) => {
  const trial = new Trial(scenario);
  return trial.run('fan-out', (message, author) => {
    trial.send('push', author, SERVER, () => {
      trial.send('ack', SERVER, author, () => undefined);
      for (let node = 0; node < scenario.nodes; node += 1) {
        if (node !== author) trial.send('push', SERVER, node, () => trial.take(message, node));
      }
    });
  });
};
