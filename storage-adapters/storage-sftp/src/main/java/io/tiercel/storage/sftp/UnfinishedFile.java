package io.tiercel.storage.sftp;

import io.tiercel.storage.ObjectInfo;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.common.SftpConstants;

/** A write under way: a file without a name in the store, removed at close unless it was given one. Not threadsafe. */
final class UnfinishedFile implements AutoCloseable {
    /** With its header it fits a packet of SSH, which every server must take. */
    private static final int PORTION_LENGTH = 31 * 1024;
    /** Sent and not yet acknowledged at most: half a megabyte. */
    private static final int WINDOW = 16;
    private static final int HEADER_LENGTH = 64;

    private final SftpConnection connection;
    private final String path;
    private final byte[] handle;
    private boolean isOpen = true;
    private boolean isNamed;

    UnfinishedFile(SftpConnection connection, String path, byte[] handle) {
        this.connection = connection;
        this.path = path;
        this.handle = handle;
    }

    String path() {
        return path;
    }

    /**
     * Takes a source to its end, onto the server's disk as far as it can say that.
     *
     * @return what the server then says of the file.
     * @throws UncheckedIOException when the source failed, or gave more or less than expected.
     */
    SftpStamp fill(ReadableByteChannel source, long expected) throws IOException {
        long length = send(source, expected);
        if (expected != ObjectInfo.UNKNOWN_LENGTH && length < expected) {
            throw new UncheckedIOException(
                    new EOFException("the source ended after " + length + " of " + expected + " bytes"));
        }
        connection.force(handle);
        SftpStamp stamp = connection.stamp(connection.askStamp(handle));
        connection.closeWritten(handle);
        isOpen = false;
        if (stamp.length() != length) {
            throw new EOFException("the server kept " + stamp.length() + " of " + length + " bytes");
        }
        return stamp.withKind(SftpStamp.Kind.FILE);
    }

    private long send(ReadableByteChannel source, long expected) throws IOException {
        Deque<Sent> underWay = new ArrayDeque<>(WINDOW);
        long length = 0;
        try {
            byte[] buffer = new byte[HEADER_LENGTH + handle.length + PORTION_LENGTH];
            int begin = HEADER_LENGTH + handle.length;
            for (int count = readPortion(source, buffer, begin); count > 0; count = readPortion(source, buffer,
                    begin)) {
                if (expected != ObjectInfo.UNKNOWN_LENGTH && length + count > expected) {
                    throw new UncheckedIOException(new IOException("the source goes on after " + expected + " bytes"));
                }
                underWay.add(post(buffer, begin, count, length));
                length += count;
                buffer = underWay.size() < WINDOW ? new byte[buffer.length] : acknowledged(underWay);
            }
            while (!underWay.isEmpty()) {
                acknowledged(underWay);
            }
            return length;
        } finally {
            underWay.forEach(sent -> connection.wire().abandon(sent.id));
        }
    }

    /** Waits for the first that was sent; its buffer can be used again. */
    private byte[] acknowledged(Deque<Sent> underWay) throws IOException {
        Sent first = underWay.removeFirst();
        connection.expectOk(first.id);
        return first.buffer;
    }

    private Sent post(byte[] buffer, int begin, int count, long position) throws IOException {
        // Length of the handle, the handle, the position, the length of the data; then the data where they lie.
        int from = begin - (2 * Integer.BYTES + Long.BYTES) - handle.length;
        Buffer request = new ByteArrayBuffer(buffer, 0, buffer.length, false);
        request.rpos(from);
        request.wpos(from);
        request.putBytes(handle);
        request.putLong(position);
        request.putUInt(count);
        request.wpos(begin + count);
        return new Sent(connection.wire().post(SftpConstants.SSH_FXP_WRITE, request, new Exchange()), buffer);
    }

    private static int readPortion(ReadableByteChannel source, byte[] buffer, int begin) {
        ByteBuffer target = ByteBuffer.wrap(buffer, begin, PORTION_LENGTH);
        try {
            for (int more = 0; target.hasRemaining() && more >= 0;) {
                more = source.read(target);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the source failed", e);
        }
        return target.position() - begin;
    }

    /** Takes a name, from whoever has it, in one step. */
    void replace(String target) throws IOException {
        connection.replace(path, target);
        isNamed = true;
    }

    /** Takes a name that nobody has: in one step where the server links, else in as many as its rename takes. */
    void appear(String target) throws IOException {
        if (!connection.canLink()) {
            connection.rename(path, target);
            isNamed = true;
            return;
        }
        connection.link(path, target);
        isNamed = true;
        connection.forgetFile(path);
    }

    /** Gives the file another time. */
    void modified(long modifiedS) throws IOException {
        connection.modified(path, modifiedS);
    }

    /** Asks for the removal and does not wait: what stays behind is invisible, and removed later. */
    @Override
    public void close() {
        if (isOpen) {
            connection.wire().forgetHandle(handle);
        }
        if (!isNamed) {
            connection.forgetFile(path);
        }
    }

    /** A portion that is not acknowledged yet. */
    private static final class Sent {
        private final int id;
        private final byte[] buffer;

        private Sent(int id, byte[] buffer) {
            this.id = id;
            this.buffer = buffer;
        }
    }
}
