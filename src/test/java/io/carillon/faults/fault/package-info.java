/** The faults of the matrix of docs/guarantees.md, one class each. */
@NullMarked
package io.carillon.faults.fault;

import org.jspecify.annotations.NullMarked;
