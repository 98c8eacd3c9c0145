package io.tiercel.shard;

import io.tiercel.Key;
import org.jspecify.annotations.Nullable;

/**
 * One reader's way through one object, and what is held for it meanwhile: a store's body where the object is not kept, an
 * interest in a body that becomes pages. Single writer: shard agent.
 */
public final class Reading {
    final Key key;
    @Nullable
    PassedStream stream;
    private @Nullable PageFill fill;
    /** It turned out that the object is not kept: from here on it is read past the cache, without asking who else does. */
    boolean isUncached;
    boolean isOver;
    /** All of its questions are one read, which began with the first. */
    final boolean isOneRead;

    /** It takes bytes as they come in, and does not wait for the frame. */
    private boolean takesArriving;

    private Reading(Key key, boolean isOneRead) {
        this.key = key;
        this.takesArriving = isOneRead;
        this.isOneRead = isOneRead;
    }

    /** Of one read, however many questions that takes. */
    public static Reading ofOneRead(Key key) {
        return new Reading(key, true);
    }

    /** Of reads that cannot be told apart: what was opened for one is given to the next only by its ETag. */
    public static Reading ofManyReads(Key key) {
        return new Reading(key, false);
    }

    /** Whether its next question is to be answered by bytes as they come in, or by a frame that can be mapped. */
    public Reading takingArriving(boolean isWanted) {
        takesArriving = isWanted;
        return this;
    }

    boolean takesArriving() {
        return takesArriving;
    }

    /** Reads along with a fill from now on. */
    void follow(@Nullable PageFill next) {
        PageFill old = fill;
        if (old != next) {
            fill = next;
            if (next != null) {
                next.join();
            }
            if (old != null) {
                old.leave();
            }
        }
    }

    void dropStream() {
        PassedStream held = stream;
        stream = null;
        if (held != null) {
            held.close();
        }
    }

    void end() {
        isOver = true;
        dropStream();
        follow(null);
    }
}
