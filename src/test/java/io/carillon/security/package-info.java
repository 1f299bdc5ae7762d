/** Tests of tokens, origins, tickets and the filter, without I/O. */
@NullMarked
package io.carillon.security;

import org.jspecify.annotations.NullMarked;
