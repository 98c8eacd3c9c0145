package io.tiercel.bench.peer;

import java.nio.ByteBuffer;

/** memcached's meta protocol: {@code mg KEY v}, answered by {@code VA LENGTH} or {@code EN}. Stateless. */
final class MetaProtocol implements Protocol {
    @Override
    public String get(String key) {
        return "mg " + key + " v\r\n";
    }

    @Override
    public int headLength(ByteBuffer replies, int from, int end) {
        int lineEnd = Protocol.lineEnd(replies, from, end);
        return lineEnd == INCOMPLETE ? INCOMPLETE : lineEnd - from;
    }

    @Override
    public int valueLength(ByteBuffer replies, int from, int headLength) {
        if (Protocol.startsWith(replies, from, "EN")) {
            return ABSENT;
        }
        if (!Protocol.startsWith(replies, from, "VA ")) {
            throw Protocol.unexpected(replies, from, headLength);
        }
        return Protocol.number(replies, from + 3);
    }

    @Override
    public int tailLength() {
        return 2;
    }
}
