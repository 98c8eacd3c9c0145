package io.tiercel.bench.peer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Stores values through a connection. Stateless. */
final class SocketFilling {
    private static final int ANSWER_LENGTH = 1024;

    private SocketFilling() {}

    /** @throws IOException when the answer is another than expected. */
    static void store(SocketLine line, String head, ByteBuffer value, String tail, String expected)
            throws IOException {
        ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER_LENGTH);
        line.write(ascii(head), answer);
        line.write(value.duplicate().clear(), answer);
        line.write(ascii(tail), answer);
        while (answer.position() < expected.length()) {
            line.read(answer);
        }
        byte[] said = new byte[answer.flip().remaining()];
        answer.get(said);
        String text = new String(said, StandardCharsets.ISO_8859_1);
        if (!text.equals(expected)) {
            throw new IOException("a value is not stored: " + text.strip());
        }
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
