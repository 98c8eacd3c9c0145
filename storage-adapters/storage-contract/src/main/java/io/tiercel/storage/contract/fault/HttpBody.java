package io.tiercel.storage.contract.fault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Passes on the body that belongs to a head, framing and all. */
final class HttpBody {
    private static final int PORTION_LENGTH = 16 * 1024;

    private final InputStream from;
    private final OutputStream to;

    HttpBody(InputStream from, OutputStream to) {
        this.from = from;
        this.to = to;
    }

    void passRequest(HttpHead head) throws IOException {
        if (head.hasToken("Transfer-Encoding", "chunked")) {
            passChunks();
        } else {
            String length = head.header("Content-Length");
            pass(length == null ? 0 : Long.parseLong(length));
        }
    }

    /** Gives whether the connection can go on after it. */
    boolean passAnswer(HttpHead head, boolean toHead) throws IOException {
        if (toHead || head.status() == 204 || head.status() == 304) {
            return !head.hasToken("Connection", "close");
        }
        String length = head.header("Content-Length");
        if (head.hasToken("Transfer-Encoding", "chunked")) {
            passChunks();
        } else if (length != null) {
            pass(Long.parseLong(length));
        } else {
            passRest();
            return false;
        }
        return !head.hasToken("Connection", "close");
    }

    private void passChunks() throws IOException {
        long length;
        do {
            String line = HttpHead.lineOfMore(from);
            write(line);
            length = Long.parseLong(line.split(";", 2)[0].strip(), 16);
            if (length > 0) {
                pass(length);
                write(HttpHead.lineOfMore(from));
            }
        } while (length > 0);
        String trailer;
        do {
            trailer = HttpHead.lineOfMore(from);
            write(trailer);
        } while (!trailer.isEmpty());
    }

    private void write(String line) throws IOException {
        to.write((line + "\r\n").getBytes(ISO_8859_1));
    }

    private void pass(long length) throws IOException {
        byte[] portion = new byte[PORTION_LENGTH];
        for (long left = length; left > 0;) {
            int count = from.read(portion, 0, (int) Math.min(left, portion.length));
            if (count < 0) {
                throw new EOFException("the connection ended in a body");
            }
            to.write(portion, 0, count);
            left -= count;
        }
    }

    private void passRest() throws IOException {
        byte[] portion = new byte[PORTION_LENGTH];
        for (int count = from.read(portion); count >= 0; count = from.read(portion)) {
            to.write(portion, 0, count);
        }
    }
}
