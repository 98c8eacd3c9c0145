package io.tiercel.storage.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** A source that gives bytes and then, at a given one, does what the test wants. Not threadsafe. */
final class FailingSource implements ReadableByteChannel {
    /** What happens in the middle. */
    interface Event {
        void happen() throws IOException;
    }

    private static final int PORTION = 1000;

    private final int length;
    private final int eventAt;
    private final Event event;
    private int position;
    private boolean happened;
    private boolean open = true;

    FailingSource(int length, int eventAt, Event event) {
        this.length = length;
        this.eventAt = eventAt;
        this.event = event;
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
        int count = Math.min(Math.min(PORTION, target.remaining()), length - position);
        target.put(new byte[count]);
        position += count;
        return count;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
