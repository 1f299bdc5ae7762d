/* Compiles only if the code is what `carillon.d.ts` says. */
import * as declared from '../../main/webapp/carillon.js';
import * as client from '../../main/webapp/carillon/client.js';
import * as error from '../../main/webapp/carillon/error.js';

type Same<A extends B, B> = A;
export type Client = Same<client.Carillon, Omit<declared.Carillon, never>>;
export type Failure = Same<error.CarillonError, Omit<declared.CarillonError, never>>;
