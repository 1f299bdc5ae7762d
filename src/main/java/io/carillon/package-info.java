/**
 * Carillon: live rooms over one PostgreSQL.
 *
 * <p>The packages below are the architecture: {@code core} is plain Java, everything else stands
 * around it, and only {@code bootstrap} sees all. This package itself holds nothing.
 */
@NullMarked
package io.carillon;

import org.jspecify.annotations.NullMarked;
