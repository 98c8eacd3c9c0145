package io.tiercel.bench.peer;

import java.nio.ByteBuffer;

/** HTTP/1.1 with persistent connections: a GET, answered by 200 with a Content-Length, or 404. Stateless. */
final class HttpProtocol implements Protocol {
    private static final String CONTENT_LENGTH = "content-length:";

    private final String prefix;

    /** @param prefix of every path, with its slash. */
    HttpProtocol(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public String get(String key) {
        return "GET " + prefix + key + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** As all others, so that the head's end is looked for once. */
    @Override
    public int headLength(ByteBuffer replies, int from, int end) {
        for (int i = from + 3; i < end; i++) {
            if (replies.get(i) == '\n' && replies.get(i - 1) == '\r' && replies.get(i - 2) == '\n') {
                return i + 1 - from;
            }
        }
        return INCOMPLETE;
    }

    @Override
    public int valueLength(ByteBuffer replies, int from, int headLength) {
        int status = Protocol.number(replies, from + "HTTP/1.1 ".length());
        if (status != 200) {
            throw Protocol.unexpected(replies, from, headLength);
        }
        int line = from;
        int end = from + headLength;
        while (line != INCOMPLETE && line < end) {
            if (isContentLength(replies, line, end)) {
                int digits = line + CONTENT_LENGTH.length();
                return Protocol.number(replies, replies.get(digits) == ' ' ? digits + 1 : digits);
            }
            line = Protocol.lineEnd(replies, line, end);
        }
        throw Protocol.unexpected(replies, from, headLength);
    }

    private static boolean isContentLength(ByteBuffer replies, int line, int end) {
        if (end - line < CONTENT_LENGTH.length()) {
            return false;
        }
        for (int i = 0; i < CONTENT_LENGTH.length(); i++) {
            int b = replies.get(line + i);
            if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != CONTENT_LENGTH.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int tailLength() {
        return 0;
    }
}
