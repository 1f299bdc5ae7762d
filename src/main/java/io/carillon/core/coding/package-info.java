/** Codings of what is sent over HTTP. */
@NullMarked
package io.carillon.core.coding;

import org.jspecify.annotations.NullMarked;
