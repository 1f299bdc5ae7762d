import { ringBell } from './bell.js';
import { keepDemoToken, readLatest, takeDemoToken, untilAnswered } from './access.js';
import { Dashboard } from './dashboard.js';
import { enableCopying, fillOrigin } from './dom.js';
import { beginDuet } from './duet.js';
import { myName, stayMyself } from './person.js';
import { Stream } from './stream.js';
import { TryIt } from './tryit.js';

const ROOM = 'carillon:instances';
const HISTORY = 300;

const WORDS = {
  connecting: 'connecting',
  live: 'live',
  reconnecting: 'reconnecting',
  offline: 'offline, trying again',
  closed: 'demo mode is off',
};

function showStatus(state) {
  document.getElementById('status').dataset.state = state;
  document.getElementById('status-text').textContent = WORDS[state];
}

async function begin() {
  fillOrigin();
  enableCopying();
  stayMyself();
  const dashboard = new Dashboard();
  const demo = await untilAnswered(takeDemoToken, () => showStatus('offline'));
  if (demo) {
    keepDemoToken();
    ringBell(beginDuet(myName()), myName());
  }
  const latest = await readLatest(ROOM, HISTORY).catch(() => ({ events: [] }));
  if (latest.code && !demo) {
    document.getElementById('closed').hidden = false;
    document.getElementById('live').hidden = true;
    document.getElementById('try').hidden = true;
    document.getElementById('duet').hidden = true;
    document.getElementById('bell').hidden = true;
    for (const place of document.querySelectorAll('[data-token]')) {
      place.textContent = "TOKEN='a token of your own'";
    }
    showStatus('closed');
    return;
  }
  dashboard.addAll(latest.events ?? []);
  new Stream(ROOM, latest.cursor, {
    event: (event) => {
      dashboard.add(event);
      dashboard.draw();
    },
    status: (state) => {
      showStatus(state);
      dashboard.live = state === 'live';
    },
  })
    .hear('instance.sample')
    .open();
  await new TryIt().follow();
}

begin();
