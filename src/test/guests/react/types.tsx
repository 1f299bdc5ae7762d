import { Carillon, type RoomEvent } from 'carillon-client';
import { OfflineQueue } from 'carillon-client/offline';
import { SharedCarillon } from 'carillon-client/shared';
import { CarillonProvider, useOptimistic, usePresence, useRoom } from 'carillon-client/react';

type Orders = { 'order.paid': { amount: number }; 'order.shipped': { parcel: number } };
interface Declared {
  moved: { x: number };
}

const carillon = new Carillon(null, { autoConnect: false });
const room = carillon.room<Orders>('orders:42', { last: 5 });
room.on('order.shipped', ({ data, seq }) => data.parcel + seq);
room.on('message', (event) => {
  if (event.name === 'order.paid') {
    event.data.amount.toFixed();
  }
});
// @ts-expect-error no such event
room.on('order.shiped', () => {});
// @ts-expect-error no such field
room.on('order.paid', ({ data }) => data.parcel);
// @ts-expect-error not what it carries
room.publish('order.paid', { parcel: 1 });
carillon.room<Declared>('x').publish('moved', { x: 1 });

const any = carillon.room('any');
any.on('whatever', ({ data }) => data.deep.deeper);
any.on('signal:poke', ({ from }) => from?.length);
any.on('resync', ({ reason }) => reason === 'expired');
// @ts-expect-error a resync is no event
any.on('resync', (event: { foo: string }) => event.foo);
any.publish('whatever', 1, { key: 'k' });
const event: RoomEvent<Orders> | undefined = undefined;
void event;

function Chat({ name }: { name: string | null }) {
  const { events, publish } = useRoom<Orders>(name, { last: 50 });
  const { members } = usePresence<{ busy: boolean }>(name, { busy: false });
  const board = useOptimistic(name, { state: { n: 0 }, apply: (state, { data }) => ({ n: state.n + data }) });
  // @ts-expect-error no such event
  void publish('nothing', {});
  return (
    <p onClick={() => publish('order.paid', { amount: board.state.n })}>
      {events.map(({ data }) => ('parcel' in data ? data.parcel : data.amount))}
      {members.map(({ state }) => String(state.busy))}
    </p>
  );
}

export const app = (
  <CarillonProvider create={() => carillon}>
    <Chat name="orders:42" />
  </CarillonProvider>
);

export const queue: Promise<OfflineQueue> = OfflineQueue.open(carillon, 'ann', {
  failed: ({ room: where }, { code }) => `${where} ${code}`,
});

export const shared: Carillon = new SharedCarillon(null, { user: 'ann', autoConnect: false });
// @ts-expect-error whose tabs are they
export const nobody = new SharedCarillon(null, {});
