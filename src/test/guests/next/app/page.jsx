'use client';

import { useEffect, useState } from 'react';
import { Carillon } from 'carillon-client';
import { CarillonProvider, useRoom, useStatus } from 'carillon-client/react';

function Events({ room }) {
  const { state } = useStatus();
  const { events } = useRoom(room, { last: 10 });
  return (
    <>
      <p id="state">{state}</p>
      <ol id="events">
        {events.map(({ seq, data }) => (
          <li key={seq}>{data.parcel}</li>
        ))}
      </ol>
    </>
  );
}

/** Rendered on the server of the build, too, where there is no address and nothing is opened. */
export default function Page() {
  const [room, setRoom] = useState(null);
  useEffect(() => setRoom(location.hash.slice(1)), []);
  return (
    <CarillonProvider create={() => new Carillon()}>
      <Events room={room} />
    </CarillonProvider>
  );
}
