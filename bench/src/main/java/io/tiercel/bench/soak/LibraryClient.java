package io.tiercel.bench.soak;

import io.tiercel.Key;
import io.tiercel.client.Frame;
import io.tiercel.client.Listing;
import io.tiercel.client.ObjectStream;
import io.tiercel.client.PutOptions;
import io.tiercel.client.TiercelClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The client library, mapped or streamed to. */
final class LibraryClient implements SoakClient {
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private final TiercelClient client;

    LibraryClient(Path nodeDir, boolean isStreamed) {
        this.client = TiercelClient.connect(new TiercelClient.Context().nodeDir(nodeDir).streamed(isStreamed)
                .connectTimeoutNs(TIMEOUT_NS).requestTimeoutNs(TIMEOUT_NS).clientName("soak"));
    }

    @Override
    public byte @Nullable [] read(String key) {
        try (Frame frame = client.get(Key.of(key))) {
            return frame == null ? null : bytesOf(frame);
        }
    }

    private static byte[] bytesOf(Frame frame) {
        byte[] bytes = new byte[(int) frame.length()];
        frame.buffer().getBytes(0, bytes);
        return bytes;
    }

    @Override
    public byte @Nullable [] readStream(String key) {
        try (ObjectStream stream = client.openStream(Key.of(key))) {
            return stream == null ? null : stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public @Nullable Part readPart(String key, int from, int length) {
        try (Frame frame = client.getRange(Key.of(key), from, length)) {
            return frame == null ? null : new Part(bytesOf(frame), from, (int) frame.objectLength());
        }
    }

    @Override
    public void put(String key, byte[] bytes) {
        client.put(Key.of(key), ByteBuffer.wrap(bytes), PutOptions.DEFAULTS);
    }

    @Override
    public void delete(String key) {
        client.delete(Key.of(key));
    }

    @Override
    public void invalidate(String key) {
        client.invalidate(Key.of(key));
    }

    @Override
    public void invalidatePrefix(String prefix) {
        client.invalidatePrefix(Key.of(prefix));
    }

    @Override
    public int list(String folder) {
        int count = 0;
        try (Listing listing = client.list(folder, true)) {
            while (listing.hasNext()) {
                listing.next();
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() {
        client.close();
    }
}
