package io.tiercel.storage.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.common.SftpConstants;

/**
 * A piece of a file being fetched: its bytes land here as they arrive, and are taken out once. One thread asks, waits and
 * takes; the one that brings the answer is another.
 */
final class Portion extends Exchange {
    private static final Buffer ARRIVED = new ByteArrayBuffer(0);

    private final byte[] bytes;
    private long position;
    private int wanted;
    private int count;
    private int taken;
    private int id;

    Portion(int capacity) {
        this.bytes = new byte[capacity];
    }

    int capacity() {
        return bytes.length;
    }

    /** Asks for bytes of a file. */
    void ask(SftpWire wire, byte[] handle, long from, int length) throws IOException {
        reset();
        position = from;
        wanted = length;
        count = 0;
        taken = 0;
        Buffer request = new ByteArrayBuffer(handle.length + 2 * Integer.BYTES + Long.BYTES, false);
        request.putBytes(handle);
        request.putLong(from);
        request.putUInt(length);
        id = wire.post(SftpConstants.SSH_FXP_READ, request, this);
    }

    /**
     * Waits for the bytes.
     *
     * @return false at the end of the file.
     */
    boolean arrive(SftpConnection connection) throws IOException {
        return connection.isData(id, ARRIVED);
    }

    void abandon(SftpWire wire) {
        wire.abandon(id);
    }

    @Override
    Buffer keep(int type, Buffer packet) throws IOException {
        if (type != SftpConstants.SSH_FXP_DATA) {
            return super.keep(type, packet);
        }
        int begin = packet.rpos();
        packet.rpos(begin + 2 * Integer.BYTES + 1);
        int length = packet.getInt();
        if (length <= 0 || length > wanted || length > packet.available()) {
            throw new SshException("an answer of " + length + " bytes where " + wanted + " were asked for");
        }
        packet.getRawBytes(bytes, 0, length);
        count = length;
        return ARRIVED;
    }

    /** Moves bytes on, as many as fit. */
    int take(ByteBuffer target, long most) {
        int moved = (int) Math.min(Math.min(count - taken, target.remaining()), most);
        target.put(bytes, taken, moved);
        taken += moved;
        return moved;
    }

    boolean isEmpty() {
        return taken == count;
    }

    /** Bytes that arrived. */
    int count() {
        return count;
    }

    /** Where the bytes end that arrived. */
    long end() {
        return position + count;
    }

    /** Where those end that were asked for. */
    long wantedEnd() {
        return position + wanted;
    }
}
