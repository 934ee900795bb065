// The demo page's own few lines: the stage in the address, and attributes to try out from the query.

const chat = document.querySelector('festival-chat');
const title = document.querySelector('#stage-name');
const stages = [...document.querySelectorAll('a.stage')];

const FROM_QUERY = {
  debug: 'debug',
  name: 'display-name',
  mesh: 'mesh',
  'mesh-scope': 'mesh-scope',
  route: 'route',
  delay: 'auto-upgrade-delay',
  'max-peers': 'max-peers',
  festival: 'festival',
  mode: 'mode',
  'color-mode': 'color-mode',
  readonly: 'readonly',
};

const query = new URLSearchParams(location.search);
for (const [parameter, attribute] of Object.entries(FROM_QUERY)) {
  const value = query.get(parameter);
  if (value !== null) chat.setAttribute(attribute, value);
}

/** The stage of the address, else of the query, else the first. */
function chooseStage() {
  const wanted = location.hash.slice(1) || query.get('room');
  const stage = stages.find((link) => link.hash === `#${wanted}`);
  if (stage === undefined && chat.hasAttribute('room-name')) return;
  const current = stage ?? stages[0];
  for (const link of stages)
    link === current ? link.setAttribute('aria-current', 'true') : link.removeAttribute('aria-current');
  chat.setAttribute('room', current.hash.slice(1));
  chat.setAttribute('room-name', current.dataset.name);
  title.textContent = current.dataset.name;
  if (stage !== undefined && location.hash !== '') document.querySelector('#chat').scrollIntoView();
}

addEventListener('hashchange', chooseStage);
chooseStage();

// The button to the chat is in the way once the chat is there.
const toChat = document.querySelector('.to-chat');
if (query.get('mode') === 'floating') toChat.hidden = true;
else new IntersectionObserver(([entry]) => (toChat.hidden = entry.isIntersecting)).observe(chat);
