package io.tiercel.shard;

/**
 * A put that is done: whoever reads from now on gets it or something newer.
 *
 * @param etag    of the new value, with its quotes
 * @param created whether there was no value before
 */
public record PutResult(String etag, boolean created) {}
