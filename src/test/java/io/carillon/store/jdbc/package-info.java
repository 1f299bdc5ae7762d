/** The log on a real PostgreSQL, and the parts of it that need none. */
@NullMarked
package io.carillon.store.jdbc;

import org.jspecify.annotations.NullMarked;
