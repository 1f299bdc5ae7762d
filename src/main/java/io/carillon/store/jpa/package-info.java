/**
 * Settings of namespaces, applications of guests and the audit trail, as Jakarta Persistence
 * entities: tables that operators change a few times a day. Events, presence and everything hot are
 * {@code store.jdbc}'s; no table is touched by both.
 *
 * <p>Knows {@code core} and {@code core.spi}. The schema is made by the migrations, never here.
 */
@NullMarked
package io.carillon.store.jpa;

import org.jspecify.annotations.NullMarked;
