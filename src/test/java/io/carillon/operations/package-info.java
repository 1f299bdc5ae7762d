/** The document on operations, followed by a test. */
@NullMarked
package io.carillon.operations;

import org.jspecify.annotations.NullMarked;
