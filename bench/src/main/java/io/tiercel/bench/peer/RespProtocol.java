package io.tiercel.bench.peer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Redis's protocol, RESP2: {@code GET}, answered by a bulk string. Stateless. */
final class RespProtocol implements Protocol {
    @Override
    public String get(String key) {
        return "*2\r\n$3\r\nGET\r\n$" + key.getBytes(StandardCharsets.UTF_8).length + "\r\n" + key + "\r\n";
    }

    @Override
    public int headLength(ByteBuffer replies, int from, int end) {
        int lineEnd = Protocol.lineEnd(replies, from, end);
        return lineEnd == INCOMPLETE ? INCOMPLETE : lineEnd - from;
    }

    @Override
    public int valueLength(ByteBuffer replies, int from, int headLength) {
        if (replies.get(from) != '$') {
            throw Protocol.unexpected(replies, from, headLength);
        }
        return replies.get(from + 1) == '-' ? ABSENT : Protocol.number(replies, from + 1);
    }

    @Override
    public int tailLength() {
        return 2;
    }
}
