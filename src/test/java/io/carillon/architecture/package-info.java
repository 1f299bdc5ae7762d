/**
 * Who may know whom, as tests. The rules are written once, for any base package: they are run over
 * the product, and over {@code planted}, a small tree that breaks each of them once.
 */
@NullMarked
package io.carillon.architecture;

import org.jspecify.annotations.NullMarked;
