package io.tiercel.arrow;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import org.apache.arrow.memory.OutOfMemoryException;

/** Words for what is wrong with a frame that claims to be Arrow. Threadsafe. */
final class Corruption {
    private Corruption() {}

    /** The exception for bytes that are not what they say. */
    static TiercelException of(String what) {
        return new TiercelException(ErrorCode.CORRUPT, "not Arrow IPC: " + what);
    }

    /** The exception for bytes that are legal and yet beyond this reader. */
    static TiercelException unsupported(String what) {
        return new TiercelException(ErrorCode.NOT_SUPPORTED, "Arrow IPC not readable here: " + what);
    }

    static void unless(boolean holds, String what) {
        if (!holds) {
            throw of(what);
        }
    }

    /** Refuses a value outside of 0 to a limit, both included; what it returns is in between. */
    static long within(long value, long limit, String name) {
        if (value < 0 || value > limit) {
            throw of(name + "=" + value + " is not within 0 to " + limit);
        }
        return value;
    }

    /** Refuses a count that is no index of Java. */
    static int count(long value, String name) {
        return (int) within(value, Integer.MAX_VALUE, name);
    }

    /**
     * What a failure while reading the frame means to the caller. Flatbuffers and Arrow report bad bytes by whatever
     * exception happens to arise, so any is taken for bad bytes.
     */
    static TiercelException of(Exception failure) {
        if (failure instanceof TiercelException known) {
            return known;
        }
        if (failure instanceof OutOfMemoryException) {
            return new TiercelException(ErrorCode.NO_SPACE,
                    "Arrow allocator is full: raise its limit or close frames (" + firstLine(failure) + ")", failure);
        }
        return new TiercelException(ErrorCode.CORRUPT, "not Arrow IPC: " + firstLine(failure), failure);
    }

    private static String firstLine(Exception failure) {
        String text = String.valueOf(failure.getMessage());
        int end = text.indexOf('\n');
        return failure.getClass().getSimpleName() + ": " + (end < 0 ? text : text.substring(0, end));
    }
}
