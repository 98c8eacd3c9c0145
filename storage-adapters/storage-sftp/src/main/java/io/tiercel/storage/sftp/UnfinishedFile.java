package io.tiercel.storage.sftp;

import io.tiercel.storage.ObjectInfo;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.common.SftpConstants;

/** A write under way: a file without a name in the store, removed at close unless it was given one. Not threadsafe. */
final class UnfinishedFile implements AutoCloseable {
    /** With its header it fits a packet of SSH, which every server must take. */
    private static final int PORTION_LENGTH = 31 * 1024;
    /** Sent and not yet acknowledged at most: half a megabyte. */
    private static final int WINDOW = 16;
    /** Of a packet's data: the number of the channel and its length, with the command. */
    private static final int CHANNEL_HEADER_LENGTH = 1 + 2 * Integer.BYTES;

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
            Buffer packet = newPacket();
            for (int count = readPortion(source, packet); count > 0; count = readPortion(source, packet)) {
                if (expected != ObjectInfo.UNKNOWN_LENGTH && length + count > expected) {
                    throw new UncheckedIOException(new IOException("the source goes on after " + expected + " bytes"));
                }
                underWay.add(post(packet, count, length));
                length += count;
                packet = underWay.size() < WINDOW ? newPacket() : acknowledged(underWay);
            }
            while (!underWay.isEmpty()) {
                acknowledged(underWay);
            }
            return length;
        } finally {
            underWay.forEach(sent -> connection.wire().abandon(sent.id));
        }
    }

    /**
     * A packet that the library encrypts and sends where it lies. Its room in front and behind is that of the session's
     * algorithms.
     */
    private Buffer newPacket() {
        return connection.wire().getClientSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_DATA,
                dataBegin() - SshConstants.SSH_PACKET_HEADER_LEN + PORTION_LENGTH);
    }

    /** Where the library expects what a channel carries, in a packet that it is to send as it is. */
    private static int channelBegin() {
        return SshConstants.SSH_PACKET_HEADER_LEN + CHANNEL_HEADER_LENGTH;
    }

    private int dataBegin() {
        // The length of the handle, the handle, the position, the length of the data; then the data.
        return channelBegin() + SftpWire.HEADER_LENGTH + Integer.BYTES + handle.length + Long.BYTES + Integer.BYTES;
    }

    /**
     * Waits for the first that was sent; its packet can be used again. No byte of it is on its way any more, whatever the
     * server says: the wire lets a packet go only after the one before, and others went after this one.
     */
    private Buffer acknowledged(Deque<Sent> underWay) throws IOException {
        Sent first = underWay.removeFirst();
        connection.expectOk(first.id);
        return first.packet;
    }

    private Sent post(Buffer packet, int count, long position) throws IOException {
        int begin = channelBegin() + SftpWire.HEADER_LENGTH;
        packet.rpos(begin);
        packet.wpos(begin);
        packet.putBytes(handle);
        packet.putLong(position);
        packet.putUInt(count);
        packet.wpos(dataBegin() + count);
        return new Sent(connection.wire().post(SftpConstants.SSH_FXP_WRITE, packet, new Exchange()), packet);
    }

    private int readPortion(ReadableByteChannel source, Buffer packet) {
        ByteBuffer target = ByteBuffer.wrap(packet.array(), dataBegin(), PORTION_LENGTH);
        try {
            for (int more = 0; target.hasRemaining() && more >= 0;) {
                more = source.read(target);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the source failed", e);
        }
        return target.position() - dataBegin();
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
        private final Buffer packet;

        private Sent(int id, Buffer packet) {
            this.id = id;
            this.packet = packet;
        }
    }
}
