package io.tiercel.bench.peer;

import java.nio.ByteBuffer;

/** memcached's {@code get KEY KEY …}: one request for many values. Stateless. */
final class MultiGetProtocol implements Protocol {
    private static final String END = "END\r\n";

    @Override
    public String get(String key) {
        return " " + key;
    }

    @Override
    public String batchHead() {
        return "get";
    }

    @Override
    public String batchTail() {
        return "\r\n";
    }

    @Override
    public int batchReplyTailLength() {
        return END.length();
    }

    @Override
    public int headLength(ByteBuffer replies, int from, int end) {
        int lineEnd = Protocol.lineEnd(replies, from, end);
        return lineEnd == INCOMPLETE ? INCOMPLETE : lineEnd - from;
    }

    /** {@code VALUE KEY FLAGS LENGTH}: what is not there is left out, which is a miss that nobody expects here. */
    @Override
    public int valueLength(ByteBuffer replies, int from, int headLength) {
        if (!Protocol.startsWith(replies, from, "VALUE ")) {
            throw Protocol.unexpected(replies, from, headLength);
        }
        int digits = from + headLength - 2;
        while (replies.get(digits - 1) != ' ') {
            digits--;
        }
        return Protocol.number(replies, digits);
    }

    @Override
    public int tailLength() {
        return 2;
    }
}
