/**
 * The files of the WAR and of its WebJars, as a browser asks for them: pages, scripts, styles,
 * descriptions. Each with a tag of its content, so that an upgrade shows and what has not changed
 * is not sent again.
 *
 * <p>Knows the servlet API and nothing of ours but the coding of bodies; how long a file may be
 * kept is said by the header filter, who may see it by nobody: these files are for everybody.
 */
@NullMarked
package io.carillon.transport.pages;

import org.jspecify.annotations.NullMarked;
