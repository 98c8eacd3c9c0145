package io.tiercel.client;

/**
 * Bytes of one object that are wanted. Immutable.
 *
 * @param offset  of the first.
 * @param length  most of them.
 * @param ifMatch entity tag that the object must have, empty for any.
 */
record ByteRange(long offset, long length, String ifMatch) {}
