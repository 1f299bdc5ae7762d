/**
 * One asynchronous servlet request, as all carriers over HTTP see it: when it is over.
 *
 * <p>Knows the servlet API alone, and nothing of Carillon. Every transport may know it.
 */
@NullMarked
package io.carillon.transport.request;

import org.jspecify.annotations.NullMarked;
