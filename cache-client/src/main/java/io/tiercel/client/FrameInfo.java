package io.tiercel.client;

import io.tiercel.Key;

/** What a frame says of itself besides its bytes. Immutable and threadsafe; times are ms since 1970, 0 for none. */
record FrameInfo(Key key, String etag, String contentType, int length, long lastModifiedMs, long expiresAtMs) {}
