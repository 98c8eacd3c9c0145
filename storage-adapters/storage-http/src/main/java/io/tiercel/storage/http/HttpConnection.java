package io.tiercel.storage.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A connection to one server, and the one buffer that all its bytes pass through. An interrupt closes it. Not threadsafe:
 * one thread at a time.
 */
final class HttpConnection implements AutoCloseable {
    private static final int BUFFER_LENGTH = 32 * 1024;
    private static final int MAX_HEAD_LENGTH = 64 * 1024;

    private final SocketChannel channel;
    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_LENGTH];
    private int position;
    private int limit;
    private long idleSinceNs;

    private HttpConnection(SocketChannel channel, Socket socket) throws IOException {
        this.channel = channel;
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** Connects to an address of the target's host; a timeout holds for this and for each later wait. */
    static HttpConnection open(InetAddress address, Target target, int timeoutMs, SSLSocketFactory tls)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            Socket plain = channel.socket();
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(timeoutMs);
            plain.connect(new InetSocketAddress(address, target.port()), timeoutMs);
            return new HttpConnection(channel, target.isSecure() ? secured(plain, target, timeoutMs, tls) : plain);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Speaks TLS with whoever has a certificate for the host by its name, whatever the address. */
    private static Socket secured(Socket plain, Target target, int timeoutMs, SSLSocketFactory tls)
            throws IOException {
        SSLSocket secure = (SSLSocket) tls.createSocket(plain, target.bareHost(), target.port(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.setSoTimeout(timeoutMs);
        secure.startHandshake();
        return secure;
    }

    void send(String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    }

    /** The head of the answer, those before the final one left out. */
    ResponseHead readHead() throws IOException {
        int[] left = {MAX_HEAD_LENGTH};
        ResponseHead head;
        do {
            head = ResponseHead.read(() -> readLine(left));
        } while (head.status() < 200);
        return head;
    }

    /** A line without its end, of at most so many bytes. */
    String readLine(int most) throws IOException {
        return readLine(new int[]{most});
    }

    private String readLine(int[] left) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            if (position == limit && !fill()) {
                throw new EOFException();
            }
            char c = (char) (buffer[position++] & 0xFF);
            if (c == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            if (--left[0] < 0) {
                throw new ProtocolException("the answer has too long a head");
            }
            line.append(c);
        }
    }

    /** At least one byte towards {@code target}, at most so many; -1 when the server ended the connection. */
    int read(ByteBuffer target, long most) throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        int count = (int) Math.min(Math.min(most, target.remaining()), limit - position);
        target.put(buffer, position, count);
        position += count;
        return count;
    }

    /** Leaves out up to so many bytes; -1 when the server ended the connection. */
    int skip(long most) throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        int count = (int) Math.min(most, limit - position);
        position += count;
        return count;
    }

    /** Whether bytes have come that were not read. */
    boolean hasMore() throws IOException {
        return position < limit || in.available() > 0;
    }

    /** Whether so many bytes can be read without a wait. */
    boolean has(long count) throws IOException {
        return limit - position >= count || (count <= BUFFER_LENGTH && limit - position + in.available() >= count);
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = 0;
        int count = in.read(buffer);
        limit = Math.max(0, count);
        return count > 0;
    }

    void rest(long nowNs) {
        idleSinceNs = nowNs;
    }

    long idleSinceNs() {
        return idleSinceNs;
    }

    /** Whether a connection at rest can take another request: the server neither closed it nor said anything unasked. */
    boolean isUsable() {
        try {
            if (hasMore()) {
                return false;
            }
            return socket instanceof SSLSocket || isSilent();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isSilent() throws IOException {
        channel.configureBlocking(false);
        int count = channel.read(ByteBuffer.wrap(buffer, 0, 1));
        channel.configureBlocking(true);
        return count == 0;
    }

    /** Closes without a word, so that what the server still sends is not waited for. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is closed to us either way.
            return;
        }
    }
}
