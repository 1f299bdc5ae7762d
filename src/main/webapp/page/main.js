import { keepDemoToken, readLatest, takeDemoToken } from './access.js';
import { Dashboard } from './dashboard.js';
import { enableCopying, fillOrigin } from './dom.js';
import { Stream } from './stream.js';
import { TryIt } from './tryit.js';

const ROOM = 'carillon:instances';
const HISTORY = 300;
const RETRY_MS = 3000;

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

/** Tries until the server has said whether it gives demo tokens. */
async function demoMode() {
  for (;;) {
    try {
      return await takeDemoToken();
    } catch {
      showStatus('offline');
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function begin() {
  fillOrigin();
  enableCopying();
  const dashboard = new Dashboard();
  const demo = await demoMode();
  if (demo) {
    keepDemoToken();
  }
  const latest = await readLatest(ROOM, HISTORY).catch(() => ({ events: [] }));
  if (latest.code && !demo) {
    document.getElementById('closed').hidden = false;
    document.getElementById('live').hidden = true;
    document.getElementById('try').hidden = true;
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
