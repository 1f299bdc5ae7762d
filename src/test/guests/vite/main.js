import { Carillon } from 'carillon-client';

const carillon = new Carillon();
carillon.on('status', ({ state }) => (document.getElementById('state').textContent = state));
carillon.room(location.hash.slice(1), { last: 10 }).on('order.shipped', ({ data }) => {
  const line = document.createElement('li');
  line.textContent = data.parcel;
  document.getElementById('events').append(line);
});
