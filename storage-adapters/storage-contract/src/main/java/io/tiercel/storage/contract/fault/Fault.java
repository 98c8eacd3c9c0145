package io.tiercel.storage.contract.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What happens to one answer of a server on its way back (raw: to one connection): something else comes in its place, its
 * head is changed, its bytes are slowed or cut, or several of these. Immutable and threadsafe.
 *
 * <p>Numbers of bytes are of the body as it goes over the wire; raw, of all that the server sends.
 */
public final class Fault {
    /** What becomes of the connection afterwards. */
    enum End {
        KEEP, CLOSE, RESET, STALL
    }

    private static final byte[] NOTHING = new byte[0];
    private static final Fault NONE = new Fault(new Parts());

    private final byte @Nullable [] instead;
    private final @Nullable UnaryOperator<HttpHead> headChange;
    private final boolean answerLost;
    private final long bodyLimit;
    private final int bytesPerSecond;
    private final byte[] tail;
    private final End end;

    private Fault(Parts parts) {
        this.instead = parts.instead;
        this.headChange = parts.headChange;
        this.answerLost = parts.answerLost;
        this.bodyLimit = parts.bodyLimit;
        this.bytesPerSecond = parts.bytesPerSecond;
        this.tail = parts.tail;
        this.end = parts.end;
    }

    /** Nothing happens: for a place in a script. */
    public static Fault none() {
        return NONE;
    }

    /** The connection is reset (RST), and the server never sees the request. */
    public static Fault reset() {
        Parts parts = new Parts();
        parts.instead = NOTHING;
        parts.end = End.RESET;
        return new Fault(parts);
    }

    /** Reset after at most so many bytes. */
    public static Fault resetAfter(long bytes) {
        return cut(bytes, End.RESET);
    }

    /** HTTP: the server does what it is asked, then the connection is reset and nothing of the answer comes. */
    public static Fault lostAnswer() {
        Parts parts = new Parts();
        parts.answerLost = true;
        parts.end = End.RESET;
        return new Fault(parts);
    }

    /** Silence for as long as the client waits; the server never sees the request. */
    public static Fault stalled() {
        Parts parts = new Parts();
        parts.instead = NOTHING;
        parts.end = End.STALL;
        return new Fault(parts);
    }

    /** Silence after so many bytes. */
    public static Fault stalledAfter(long bytes) {
        return cut(bytes, End.STALL);
    }

    /** A clean close after so many bytes: a short body where there were more. */
    public static Fault closedAfter(long bytes) {
        return cut(bytes, End.CLOSE);
    }

    /** The bytes come no faster than that. */
    public static Fault slow(int bytesPerSecond) {
        Parts parts = new Parts();
        parts.bytesPerSecond = bytesPerSecond;
        return new Fault(parts);
    }

    /** HTTP: so many bytes that nobody announced follow the body, then a clean close. */
    public static Fault longBody(int moreBytes) {
        Parts parts = new Parts();
        parts.tail = noise(moreBytes);
        parts.end = End.CLOSE;
        return new Fault(parts);
    }

    /** HTTP: Content-Length says so many bytes more (or, negative, fewer) than come; then a clean close. */
    public static Fault wrongLength(long difference) {
        Parts parts = new Parts();
        parts.headChange = head -> {
            String length = head.header("Content-Length");
            return length == null
                    ? head
                    : head.with("Content-Length", String.valueOf(Long.parseLong(length) + difference));
        };
        parts.end = End.CLOSE;
        return new Fault(parts);
    }

    /** HTTP: the answer bears another ETag. In a script behind {@link #none}: from the n-th answer on. */
    public static Fault changedEtag(String etag) {
        return header("ETag", etag);
    }

    /** HTTP: the answer bears this header in place of the server's, or none when the value is null. */
    public static Fault header(String name, @Nullable String value) {
        Parts parts = new Parts();
        parts.headChange = head -> value == null ? head.without(name) : head.with(name, value);
        return new Fault(parts);
    }

    /** HTTP: this status, with an empty body, in place of an answer; the server never sees the request. */
    public static Fault status(int status) {
        return answer(status, "");
    }

    /** HTTP: a status such as 429 or 503 that says when to come again, in seconds. */
    public static Fault retryAfter(int status, int seconds) {
        return answer(status, "", "Retry-After: " + seconds);
    }

    /** HTTP: a status such as 429 or 503 that says when to come again, as a date. */
    public static Fault retryAfter(int status, Instant when) {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(when.atOffset(ZoneOffset.UTC));
        return answer(status, "", "Retry-After: " + date);
    }

    /**
     * HTTP: an answer in place of the server's.
     *
     * @param headers lines {@code Name: value}.
     */
    public static Fault answer(int status, String body, String... headers) {
        StringBuilder out = new StringBuilder("HTTP/1.1 ").append(status).append(" Fault\r\n");
        for (String header : headers) {
            out.append(header).append("\r\n");
        }
        out.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body);
        Parts parts = new Parts();
        parts.instead = out.toString().getBytes(ISO_8859_1);
        return new Fault(parts);
    }

    /** Bytes that are no answer at all, then a clean close. */
    public static Fault garbage() {
        Parts parts = new Parts();
        parts.instead = noise(500);
        parts.end = End.CLOSE;
        return new Fault(parts);
    }

    private static Fault cut(long bytes, End end) {
        Parts parts = new Parts();
        parts.bodyLimit = bytes;
        parts.end = end;
        return new Fault(parts);
    }

    /** The same bytes each time, none of which could begin an answer or the length of a chunk. */
    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        Random random = new Random(length);
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (0x80 | random.nextInt(0x80));
        }
        return bytes;
    }

    /** What the client gets while the server is not asked; null when the server is. */
    byte @Nullable [] instead() {
        return instead;
    }

    HttpHead changed(HttpHead head) {
        return headChange == null ? head : headChange.apply(head);
    }

    boolean isAnswerLost() {
        return answerLost;
    }

    long bodyLimit() {
        return bodyLimit;
    }

    /** 0 when nothing is slowed. */
    int bytesPerSecond() {
        return bytesPerSecond;
    }

    byte[] tail() {
        return tail;
    }

    End end() {
        return end;
    }

    /** Whether it can be done to a connection whose protocol the proxy does not know. */
    boolean isRaw() {
        return headChange == null && !answerLost && tail.length == 0;
    }

    /** The parts of a fault, at first those of none. */
    private static final class Parts {
        private byte @Nullable [] instead;
        private @Nullable UnaryOperator<HttpHead> headChange;
        private boolean answerLost;
        private long bodyLimit = Long.MAX_VALUE;
        private int bytesPerSecond;
        private byte[] tail = NOTHING;
        private End end = End.KEEP;
    }
}
