import { element } from './dom.js';

const CHECK_MS = 20_000;

/** The calendar day of a time, in the visitor's zone: the same text for all times of one day. */
export const dayOf = (at) => new Date(at).toDateString();

/** What people call a day here: `Today`, `Yesterday`, or its date. */
export function dayName(at, now = Date.now()) {
  const day = new Date(at);
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (dayOf(day) === dayOf(now)) {
    return 'Today';
  }
  if (dayOf(day) === dayOf(yesterday)) {
    return 'Yesterday';
  }
  const year = day.getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  return day.toLocaleDateString([], { weekday: 'long', day: 'numeric', month: 'long', year });
}

/** A time of day as people write it here. */
export const timeOfDay = (at) =>
  new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

/** A time on the page: the time of day, with its whole date in the title. */
export const timeNode = (at, text = timeOfDay(at)) =>
  element('time', { className: 'when', dateTime: at, title: new Date(at).toLocaleString([], { dateStyle: 'full', timeStyle: 'medium' }) }, text);

/** The same with the day in front of it, unless that is today. */
export const dayAndTimeNode = (at) =>
  timeNode(at, dayOf(at) === dayOf(Date.now()) ? timeOfDay(at) : `${dayName(at)}, ${timeOfDay(at)}`);

/** Calls this each time that another day has begun, within seconds. */
export function onNewDay(run) {
  let day = dayOf(Date.now());
  setInterval(() => {
    const now = dayOf(Date.now());
    if (now !== day) {
      day = now;
      run();
    }
  }, CHECK_MS);
}
