/** Tests of what is served as files: what a browser may never find there. */
@NullMarked
package io.carillon.webapp;

import org.jspecify.annotations.NullMarked;
