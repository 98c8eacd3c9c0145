package io.tiercel.client;

/**
 * An acknowledged put: every later read of the key, by whom and through whatever, returns this value or a newer one.
 * Immutable and threadsafe.
 *
 * @param etag of the value written, with its quotes.
 * @param created whether there was no value before.
 */
public record PutResult(String etag, boolean created) {}
