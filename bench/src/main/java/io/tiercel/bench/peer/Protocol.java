package io.tiercel.bench.peer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** How a server is asked for a value, and how it answers. Stateless. */
interface Protocol {
    /** Length of a reply's head while not all of it is there. */
    int INCOMPLETE = -1;
    /** A value's length where there is none. */
    int ABSENT = -1;

    /** Bytes that ask for a key. */
    String get(String key);

    /**
     * Bytes of what stands before the value in the reply that begins at an index, or {@link #INCOMPLETE}.
     *
     * @param end behind the last byte that came.
     */
    int headLength(ByteBuffer replies, int from, int end);

    /** Bytes of the value, or {@link #ABSENT}, of a reply whose head is there. */
    int valueLength(ByteBuffer replies, int from, int headLength);

    /** Bytes behind the value. */
    int tailLength();

    /** Bytes before the first and behind the last of several requests that go out together. */
    default String batchHead() {
        return "";
    }

    /** As {@link #batchHead()}. */
    default String batchTail() {
        return "";
    }

    /** Bytes behind the last reply to requests that went out together. */
    default int batchReplyTailLength() {
        return 0;
    }

    /** Index behind the next CR LF, or {@link #INCOMPLETE}. */
    static int lineEnd(ByteBuffer bytes, int from, int end) {
        for (int i = from + 1; i < end; i++) {
            if (bytes.get(i) == '\n' && bytes.get(i - 1) == '\r') {
                return i + 1;
            }
        }
        return INCOMPLETE;
    }

    /** The decimal number at an index, up to the first byte that is no digit. */
    static int number(ByteBuffer bytes, int from) {
        int value = 0;
        for (int i = from; bytes.get(i) >= '0' && bytes.get(i) <= '9'; i++) {
            value = Math.addExact(Math.multiplyExact(value, 10), bytes.get(i) - '0');
        }
        return value;
    }

    static boolean startsWith(ByteBuffer bytes, int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (bytes.get(from + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** What a server said, for a message. */
    static IllegalStateException unexpected(ByteBuffer replies, int from, int headLength) {
        byte[] said = new byte[headLength];
        replies.get(from, said);
        return new IllegalStateException("unexpected answer: " + new String(said, StandardCharsets.ISO_8859_1).strip());
    }
}
