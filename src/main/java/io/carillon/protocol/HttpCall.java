package io.carillon.protocol;

import io.carillon.core.Identity;
import org.jspecify.annotations.Nullable;

/**
 * One call of a protocol's HTTP side.
 *
 * @param method in capitals
 * @param sent the path as it was sent, encoded, with the application's own part
 * @param path the same without the application's own part
 * @param query as it was sent, encoded; empty if there is none
 * @param body whole
 * @param who the caller, where a credential of ours was checked; else null
 */
@SuppressWarnings("ArrayRecordComponent")
public record HttpCall(
    String method, String sent, String path, String query, byte[] body, @Nullable Identity who) {}
