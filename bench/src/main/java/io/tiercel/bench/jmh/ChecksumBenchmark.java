package io.tiercel.bench.jmh;

import io.tiercel.segment.FrameChecksum;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What does the checksum of a payload cost, by its length?
 *
 * <p>{@code direct}: the JDK's CRC-32C over direct memory. {@code byCopies}: the node's, which takes mapped memory by
 * copies of 8 KiB, since native code that meets the end of a file cut short under its mapping ends the process. The same
 * bytes; a wrong sum counts as a miss and fails the run.
 *
 * <p>Not measured: payloads that no processor cache holds, unless they are larger than it.
 *
 * <p>{@code bench/bin/bench jmh Checksum -prof gc -foe true}
 */
public class ChecksumBenchmark extends CountedBenchmark {
    @Param({"direct", "byCopies"})
    public String system = "";

    /** Bytes. */
    @Param({"64", "1024", "65536", "1048576"})
    public int payloadLength;

    private final CRC32C crc = new CRC32C();
    private final FrameChecksum checksum = new FrameChecksum();

    @SuppressWarnings("NullAway.Init") // open() runs before anything else
    private ByteBuffer payload;
    private int expected;
    private boolean isDirect;

    @Setup
    public void open() {
        byte[] bytes = new byte[payloadLength];
        new Random(payloadLength).nextBytes(bytes);
        payload = ByteBuffer.allocateDirect(payloadLength).put(bytes).clear();
        CRC32C whole = new CRC32C();
        whole.update(bytes);
        expected = (int) whole.getValue();
        isDirect = switch (system) {
            case "direct" -> true;
            case "byCopies" -> false;
            default -> throw new IllegalArgumentException("system=" + system + " expected direct or byCopies");
        };
    }

    @Benchmark
    public boolean sum() {
        return hits.count((isDirect ? direct() : checksum.range(payload, 0, payloadLength)) == expected);
    }

    private int direct() {
        crc.reset();
        crc.update(payload.clear());
        return (int) crc.getValue();
    }
}
