package io.tiercel.tier;

import org.agrona.DirectBuffer;

/** Says how long frames stay that have expired: they are found only by who asks for stale ones. */
@FunctionalInterface
public interface Retention {
    /** None at all. */
    Retention NONE = (key, offset, length) -> 0L;

    /** Milliseconds after its end for which the frame of a key is kept. Asked of expired frames alone, on the shard thread. */
    long graceMs(DirectBuffer key, int offset, int length);
}
