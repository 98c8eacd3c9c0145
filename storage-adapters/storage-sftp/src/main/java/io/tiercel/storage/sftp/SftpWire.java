package io.tiercel.storage.sftp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.client.SftpMessage;
import org.apache.sshd.sftp.client.SftpVersionSelector;
import org.apache.sshd.sftp.client.impl.DefaultSftpClient;
import org.apache.sshd.sftp.client.impl.SftpResponse;
import org.apache.sshd.sftp.client.impl.SftpStatus;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/**
 * The library's client with another way of carrying packets: each answer goes to the one who asked and waits with a limit
 * of time; what nobody waits for any more is dropped, and a handle among it closed. Threadsafe.
 *
 * <p>A limit that is passed ends the connection: what it still carries cannot be told from what comes late.
 */
final class SftpWire extends DefaultSftpClient {
    /** Of a request: its length, command and number. */
    static final int HEADER_LENGTH = Integer.BYTES + 1 + Integer.BYTES;

    /** A name that no path of a store spells, for one that is no text. */
    static final String NO_NAME = "\0";

    private final Duration timeout;
    private final Map<Integer, Exchange> exchanges = new ConcurrentHashMap<>();
    /** Requests whose answers are of no interest, for the next who sends. */
    private final Queue<Errand> errands = new ConcurrentLinkedQueue<>();
    private final AtomicInteger lastId = new AtomicInteger(100);
    private final ReentrantLock sending = new ReentrantLock();
    private @Nullable IoWriteFuture unsent;

    /** Opens the channel on a session that has signed in, and agrees on version 3. */
    SftpWire(ClientSession session, Duration timeout) throws IOException {
        super(session, SftpVersionSelector.fixedVersionSelector(SftpConstants.SFTP_V3), null);
        this.timeout = timeout;
        getClientChannel().addCloseFutureListener(closed -> failAll());
        if (!isOpen()) {
            failAll();
        }
    }

    /** Ends the connection at once. */
    void breakOff() {
        getClientSession().close(true);
    }

    Duration timeout() {
        return timeout;
    }

    boolean hasExtension(String name) {
        return getServerExtensions().containsKey(name);
    }

    @Override
    public SftpMessage write(int command, Buffer request) {
        throw new UnsupportedOperationException("requests are sent with post");
    }

    @Override
    public int send(int command, Buffer request) throws IOException {
        return post(command, request, new Exchange());
    }

    /**
     * Sends a request; the answer goes to {@code exchange}, to be drawn with {@link #receive(int)}.
     *
     * @param request belongs to the connection until the next one is sent.
     * @return its number.
     */
    int post(int command, Buffer request, Exchange exchange) throws IOException {
        int id = lastId.incrementAndGet();
        exchanges.put(id, exchange);
        boolean sent = false;
        try {
            sending.lockInterruptibly();
            try {
                for (Errand errand = errands.poll(); errand != null; errand = errands.poll()) {
                    transmit(lastId.incrementAndGet(), errand);
                }
                transmit(id, new Errand(command, request));
            } finally {
                sending.unlock();
            }
            if (!isOpen()) {
                exchange.fail();
            }
            sent = true;
            return id;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            if (!sent) {
                exchanges.remove(id);
            }
        }
    }

    /** Sends a request whose answer nobody waits for; at once if that needs no waiting, else before the next one. */
    void forget(int command, Buffer request) {
        errands.add(new Errand(command, request));
        if (sending.tryLock()) {
            try {
                for (Errand errand = null; isReady() && (errand = errands.poll()) != null;) {
                    transmit(lastId.incrementAndGet(), errand);
                }
            } catch (IOException e) {
                // The connection is gone, and with it what was to be done on it.
                errands.clear();
            } finally {
                sending.unlock();
            }
        }
    }

    /** Closes a handle that nobody uses any more. */
    void forgetHandle(byte[] handle) {
        Buffer request = new ByteArrayBuffer(handle.length + Long.BYTES, false);
        request.putBytes(handle);
        forget(SftpConstants.SSH_FXP_CLOSE, request);
    }

    /** Lets go of a request: its answer is dropped when it comes. */
    void abandon(int id) {
        Exchange exchange = exchanges.remove(id);
        if (exchange != null) {
            exchange.abandon();
        }
    }

    @Override
    public Buffer receive(int id) throws IOException {
        Exchange exchange = exchanges.get(id);
        if (exchange == null) {
            throw new SshException("nothing was asked with id=" + id);
        }
        try {
            Buffer answer = exchange.await(timeout.toMillis());
            if (answer == null) {
                breakOff();
                throw new SocketTimeoutException("no answer within " + timeout.toMillis() + " ms");
            }
            return answer;
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            abandon(id);
        }
    }

    @Override
    public Buffer receive(int id, Duration idleTimeout) throws IOException {
        return receive(id);
    }

    Attributes attributes(int id) throws IOException {
        return checkAttributesResponse(response(SftpConstants.SSH_FXP_STAT, id));
    }

    @Nullable
    List<DirEntry> entries(int id, AtomicReference<Boolean> end) throws IOException {
        return checkDirResponse(response(SftpConstants.SSH_FXP_READDIR, id), end);
    }

    /** Whether the answer is the one given, false at the end of a file. */
    // The very same buffer is meant, and buffers have no other equality.
    @SuppressWarnings("ReferenceEquality")
    boolean isData(int id, Buffer expected) throws IOException {
        Buffer answer = receive(id);
        if (answer == expected) {
            return true;
        }
        SftpResponse response = SftpResponse.parse(SftpConstants.SSH_FXP_READ, answer);
        if (response.getType() != SftpConstants.SSH_FXP_STATUS) {
            throw new SshException("an answer of type " + response.getType() + " to a read");
        }
        SftpStatus status = SftpStatus.parse(response);
        if (status.getStatusCode() == SftpConstants.SSH_FX_EOF) {
            return false;
        }
        throw new SftpException(status.isOk() ? SftpConstants.SSH_FX_BAD_MESSAGE : status.getStatusCode(),
                status.getMessage());
    }

    void expectOk(int id) throws IOException {
        checkResponseStatus(response(SftpConstants.SSH_FXP_EXTENDED, id));
    }

    @Override
    protected void process(Buffer incoming) throws IOException {
        if (getVersion() == 0) {
            super.process(incoming);
            return;
        }
        int begin = incoming.rpos();
        incoming.rpos(begin + Integer.BYTES);
        int type = incoming.getUByte();
        Exchange exchange = exchanges.get(incoming.getInt());
        incoming.rpos(begin);
        if ((exchange == null || !exchange.answer(type, incoming)) && type == SftpConstants.SSH_FXP_HANDLE) {
            incoming.rpos(begin + HEADER_LENGTH);
            byte[] handle = incoming.getBytes();
            Buffer request = new ByteArrayBuffer(handle.length + Long.BYTES, false);
            request.putBytes(handle);
            // Not sent from here: this thread is the one that others wait for.
            errands.add(new Errand(SftpConstants.SSH_FXP_CLOSE, request));
        }
    }

    @Override
    protected String getReferencedName(int command, Buffer packet, int nameIndex) {
        byte[] bytes = packet.getBytes();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return NO_NAME;
        }
    }

    private void transmit(int id, Errand errand) throws IOException {
        IoWriteFuture before = unsent;
        if (before != null && !before.isDone() && !before.await(timeout)) {
            breakOff();
            throw new SocketTimeoutException("nothing could be sent for " + timeout.toMillis() + " ms");
        }
        try {
            unsent = getClientChannel().getAsyncIn().writeBuffer(framed(id, errand));
        } catch (RuntimeException e) {
            breakOff();
            throw new SshException("the channel takes no more", e);
        }
    }

    private boolean isReady() {
        IoWriteFuture before = unsent;
        return before == null || before.isDone();
    }

    private static Buffer framed(int id, Errand errand) {
        Buffer request = errand.request;
        int length = request.available();
        if (request.rpos() >= HEADER_LENGTH) {
            int end = request.wpos();
            int begin = request.rpos() - HEADER_LENGTH;
            request.rpos(begin);
            request.wpos(begin);
            putHeader(request, errand.command, id, length);
            request.wpos(end);
            return request;
        }
        Buffer packet = new ByteArrayBuffer(HEADER_LENGTH + length, false);
        putHeader(packet, errand.command, id, length);
        packet.putBuffer(request);
        return packet;
    }

    private static void putHeader(Buffer packet, int command, int id, int length) {
        packet.putUInt(1 + Integer.BYTES + (long) length);
        packet.putByte((byte) command);
        packet.putInt(id);
    }

    private void failAll() {
        exchanges.values().forEach(Exchange::fail);
    }

    private static InterruptedIOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException failure = new InterruptedIOException("the thread was interrupted");
        failure.initCause(e);
        return failure;
    }

    private record Errand(int command, Buffer request) {}
}
