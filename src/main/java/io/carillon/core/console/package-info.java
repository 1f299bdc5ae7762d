/** Views for operators: connections of all instances, and how they ended. */
@NullMarked
package io.carillon.core.console;

import org.jspecify.annotations.NullMarked;
