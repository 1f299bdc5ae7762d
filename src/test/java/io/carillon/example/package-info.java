/** What an application on the product may look like, in the words of its documentation. */
@NullMarked
package io.carillon.example;

import org.jspecify.annotations.NullMarked;
