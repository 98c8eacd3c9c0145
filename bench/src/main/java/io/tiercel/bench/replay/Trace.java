package io.tiercel.bench.replay;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** The requests of a trace in memory: a key and a size each. Keys are hashed from the text that stands for them. */
final class Trace {
    /** A trace that is not what it should be; the message says where. */
    static final class BadTraceException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadTraceException(String message) {
            super(message);
        }
    }

    private static final int GZIP_MAGIC = 0x1f8b;

    private long[] keys = new long[1 << 16];
    private long[] sizes = new long[1 << 16];
    private int length;
    private boolean sized;

    private Trace() {}

    /**
     * Reads lines of {@code KEY SIZE}; the file may be compressed by gzip.
     *
     * @throws BadTraceException for a line of another form, with its number, and for a file without lines.
     */
    static Trace read(Path file) throws IOException {
        Trace trace = new Trace();
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file))) {
            bytes.mark(2);
            boolean compressed = ((bytes.read() << 8) | bytes.read()) == GZIP_MAGIC;
            bytes.reset();
            InputStream text = compressed ? new GZIPInputStream(bytes) : bytes;
            BufferedReader lines = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8));
            int number = 1;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                trace.add(line, file, number++);
            }
        }
        if (trace.length == 0) {
            throw new BadTraceException(file + " has no requests: expected lines of KEY SIZE");
        }
        return trace;
    }

    private void add(String line, Path file, int number) {
        int blank = line.indexOf(' ');
        long size;
        try {
            size = blank > 0 ? Long.parseLong(line.substring(blank + 1)) : 0;
        } catch (NumberFormatException e) {
            size = 0;
        }
        if (size < 1) {
            throw new BadTraceException(file + " line " + number + ": \"" + line
                    + "\": expected KEY SIZE, with SIZE a whole number of at least 1");
        }
        if (length == keys.length) {
            keys = Arrays.copyOf(keys, 2 * length);
            sizes = Arrays.copyOf(sizes, 2 * length);
        }
        keys[length] = hashOf(line, blank);
        sizes[length++] = size;
        sized |= size != 1;
    }

    /** FNV-1a over the characters, then spread. */
    private static long hashOf(String line, int end) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < end; i++) {
            hash = (hash ^ line.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93L;
        return hash ^ (hash >>> 32);
    }

    int length() {
        return length;
    }

    long key(int request) {
        return keys[request];
    }

    long size(int request) {
        return sizes[request];
    }

    /** Whether a size is other than 1. */
    boolean isSized() {
        return sized;
    }

    /** Most entries that a capacity can hold at once: none is smaller than the smallest, nor are there more keys. */
    long mostEntries(long capacity) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < length; i++) {
            least = Math.min(least, sizes[i]);
        }
        return Math.clamp(capacity / least, 1, length);
    }
}
