/** The JavaScript client of Carillon: no dependency, no build step. Guide: docs/client.md. */
export { Carillon } from './carillon/client.js';
export { CarillonError } from './carillon/error.js';
