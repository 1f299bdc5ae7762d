/** Tests of what the REST side reads and writes, without I/O. */
@NullMarked
package io.carillon.api;

import org.jspecify.annotations.NullMarked;
