/**
 * What a run of faults breaks: instances, their database and the network between, all real
 * processes. Knows how to break and to heal; knows no client and no fault by name.
 */
@NullMarked
package io.carillon.faults.stage;

import org.jspecify.annotations.NullMarked;
