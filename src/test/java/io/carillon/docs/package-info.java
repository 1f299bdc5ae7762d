/** Tests of the documentation: what it points at is there. */
@NullMarked
package io.carillon.docs;

import org.jspecify.annotations.NullMarked;
