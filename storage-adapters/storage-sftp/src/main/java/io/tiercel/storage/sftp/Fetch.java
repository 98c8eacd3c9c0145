package io.tiercel.storage.sftp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an open file between two positions, asked for ahead of their use: a little at first, and more the more of
 * them is taken, up to a limit. Not threadsafe.
 */
final class Fetch {
    /** Asked for before anything was taken: what closes early has cost no more. */
    static final int FIRST_LENGTH = 128 * 1024;
    /** Under way at most: at 50 ms from here to there and back that makes 20 MiB a second and read. */
    private static final int MAX_LENGTH = 1024 * 1024;

    private final SftpConnection connection;
    private final byte[] handle;
    private final long end;
    private final Deque<Portion> underWay = new ArrayDeque<>();
    private @Nullable Portion spare;
    private long asked;
    private long position;
    private int portionLength;
    private long window = FIRST_LENGTH;

    Fetch(SftpConnection connection, byte[] handle, long begin, long end) {
        this.connection = connection;
        this.handle = handle;
        this.asked = begin;
        this.position = begin;
        this.end = end;
        this.portionLength = connection.readLength();
    }

    /** Asks for what may be under way and is not yet. */
    void askAhead() throws IOException {
        while (asked < end && (underWay.isEmpty() || asked - position + portionLength <= window)) {
            int length = (int) Math.min(portionLength, end - asked);
            Portion portion = portion(length);
            underWay.add(portion);
            portion.ask(connection.wire(), handle, asked, length);
            asked += length;
        }
    }

    /** Whether all of it was asked for. */
    boolean isAskedFor() {
        return asked == end;
    }

    long position() {
        return position;
    }

    /**
     * Moves on at least one byte, and at most so many as {@code most}.
     *
     * @throws EOFException when the file ends before.
     */
    int take(ByteBuffer target, long most) throws IOException {
        askAhead();
        Portion first = underWay.getFirst();
        if (first.isEmpty() && !first.arrive(connection)) {
            throw new EOFException("the file became shorter while it was read");
        }
        int count = first.take(target, most);
        position += count;
        if (first.isEmpty()) {
            finish(underWay.removeFirst());
        }
        return count;
    }

    /** Waits until all that was asked for is here. */
    void arrive() throws IOException {
        for (Portion portion : underWay) {
            if (portion.isEmpty() && !portion.arrive(connection)) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
    }

    private void finish(Portion done) throws IOException {
        window = Math.min(MAX_LENGTH, window + done.capacity());
        if (done.end() < done.wantedEnd()) {
            // The server gives less at a time than it was asked for: from now on it is asked for less.
            int missing = (int) (done.wantedEnd() - done.end());
            portionLength = Math.min(portionLength, done.count());
            underWay.addFirst(done);
            done.ask(connection.wire(), handle, done.end(), missing);
        } else {
            spare = done;
        }
    }

    private Portion portion(int length) {
        Portion reused = spare;
        if (reused != null && reused.capacity() >= length) {
            spare = null;
            return reused;
        }
        return new Portion(length);
    }

    /** Lets go of what is under way. */
    void abandon() {
        underWay.forEach(portion -> portion.abandon(connection.wire()));
        underWay.clear();
    }
}
