package io.tiercel.storage.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Bytes of a pattern, and in their middle something that happens. Not threadsafe. */
final class EventSource implements ReadableByteChannel {
    /** What happens. */
    interface Event {
        void happen() throws IOException;
    }

    private final long length;
    private final long eventAt;
    private final Event event;
    private long position;
    private boolean happened;

    EventSource(long length, long eventAt, Event event) {
        this.length = length;
        this.eventAt = eventAt;
        this.event = event;
    }

    static byte byteAt(long position) {
        return (byte) (position * 31 ^ position >>> 8);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (position >= eventAt && !happened) {
            happened = true;
            event.happen();
        }
        if (position == length) {
            return -1;
        }
        long end = happened ? length : Math.min(length, eventAt);
        int count = (int) Math.min(target.remaining(), end - position);
        for (int i = 0; i < count; i++) {
            target.put(byteAt(position++));
        }
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
