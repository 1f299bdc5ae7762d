import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from './kit/clock.js';
import { collect, upTo } from './kit/scene.js';
import { browser } from './kit/tabs.js';

const seeds = process.env.SEED ? [Number(process.env.SEED)] : upTo(Number(process.env.SEEDS ?? 15));

for (const seed of seeds) {
  test(`tabs come, go, crash and hang while the network breaks: each hears everything once, seed ${seed}`, async () => {
    const random = seeded(seed);
    const pick = (all) => all[Math.floor(random() * all.length)];
    const { server, clock, tab } = browser();
    const tabs = [];
    const published = [];
    const add = () => {
      const one = tab();
      one.seqs = collect(one.carillon.room('a', { after: 'e1.0' }));
      tabs.push(one);
    };
    const remove = (how) => {
      if (tabs.length > 1) {
        const [gone] = tabs.splice(Math.floor(random() * tabs.length), 1);
        gone[how]();
      }
    };
    const acts = [
      add,
      () => remove('end'),
      () => remove('crash'),
      () => server.publish('a', 'x', 0),
      () => server.publish('a', 'x', 0),
      () => server.cut(),
      () => {
        const { carillon } = pick(tabs);
        const key = `k${published.length}`;
        const by = tabs.find((one) => one.carillon === carillon);
        carillon.room('a').publish('mine', 0, { key }).catch(() => {});
        published.push({ key, by });
      },
      () => {
        server.down = true;
        server.cut();
        clock.setTimeout(() => (server.down = false), random() * 8000);
      },
      () => {
        const one = pick(tabs);
        one.isFrozen = true;
        clock.setTimeout(() => one.thaw(), random() * 60_000);
      },
    ];
    add();
    add();
    for (let i = 0; i < 60; i++) {
      pick(acts)();
      await clock.advance(random() * 2000);
    }
    await clock.advance(70_000);
    server.down = false;
    tabs.forEach(({ carillon }) => carillon.connect());
    await clock.advance(20_000);
    const all = server.log('a').events;
    for (const { seqs } of tabs) {
      assert.deepEqual(seqs, upTo(all.length));
    }
    assert.equal(server.links.size, 1);
    assert.equal(tabs.filter(({ carillon }) => carillon.leads).length, 1);
    for (const { key, by } of published) {
      const times = all.filter(({ id }) => id === key).length;
      assert.ok(times === 1 || (times === 0 && !tabs.includes(by)), `${key} ${times}`);
    }
  });
}
