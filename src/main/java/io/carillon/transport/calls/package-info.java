/**
 * Carrier of the HTTP sides of protocols: reads a call, hands it over, writes the answer. Knows the
 * interface of protocols only.
 */
@NullMarked
package io.carillon.transport.calls;

import org.jspecify.annotations.NullMarked;
