/**
 * The screens as people use them: a real browser, two servers behind a door each, and everything
 * that can break in between. What is asserted is what the pages show.
 *
 * <p>Uses a Chromium that is installed and never fetches one; on a machine without, these tests say
 * so and do not run. Knows the kit and the pages, nothing of the servers' code.
 */
@NullMarked
package io.carillon.browser;

import org.jspecify.annotations.NullMarked;
