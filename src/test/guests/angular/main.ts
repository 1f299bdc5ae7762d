import { Component, signal } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { Carillon, type Event } from 'carillon-client';

type Orders = { 'order.shipped': { parcel: number } };

@Component({
  selector: 'app-page',
  template: `
    <p id="state">{{ state() }}</p>
    <ol id="events">
      @for (event of events(); track event.seq) {
        <li>{{ event.data.parcel }}</li>
      }
    </ol>
  `,
})
class Page {
  readonly state = signal('');
  readonly events = signal<Event<{ parcel: number }>[]>([]);

  constructor() {
    const carillon = new Carillon();
    carillon.on('status', ({ state }) => this.state.set(state));
    const room = carillon.room<Orders>(location.hash.slice(1), { last: 10 });
    room.on('order.shipped', (event) => this.events.update((events) => [...events, event]));
  }
}

await bootstrapApplication(Page);
