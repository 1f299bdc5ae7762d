/**
 * The smallest protocol that uses the whole seam of {@code io.carillon.protocol}: an example to
 * begin a new protocol with, and a second one for the suite that every protocol passes.
 */
@NullMarked
package io.carillon.protocol.echo;

import org.jspecify.annotations.NullMarked;
