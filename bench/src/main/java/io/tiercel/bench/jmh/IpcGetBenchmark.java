package io.tiercel.bench.jmh;

import io.tiercel.bench.echo.EchoMessages;
import io.tiercel.bench.echo.EchoPath;
import io.tiercel.bench.load.ReadPath;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What does a hit cost over IPC when mapping is refused, and how much of that is Aeron's own? The answer is the ratio of
 * the two systems, which run in turn in one run.
 *
 * <p>{@code tiercel}: a blocking get through the client library, the first 8 bytes of the payload compared, the frame
 * closed. {@code aeron-echo}: one message there and one back, as long as the get's request and reply, with the media
 * driver placed as in the node and the reply awaited as in the client library, and nothing else: the floor. The other
 * side is a process of its own in both, with one thread that works. One request is under way at a time.
 *
 * <p>Hit rate 1, counted; one miss, or one wrong reply of the echo, fails the run. Keys are drawn uniformly from
 * {@link #keyCount}; the node answers from its heap tier, which holds them all at these lengths.
 *
 * <p>{@code bench/bin/bench jmh IpcGet -prof gc -foe true}
 */
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
public class IpcGetBenchmark extends CountedBenchmark {
    private static final String AERON_ECHO = "aeron-echo";
    private static final String TIERCEL = "tiercel";

    @Param({AERON_ECHO, TIERCEL})
    public String system = "";

    /** Bytes, from 8 to what one message takes. */
    @Param({"64", "4096"})
    public int payloadLength;

    @Param("256")
    public int keyCount;

    @SuppressWarnings("NullAway.Init") // open() runs before anything else
    private ReadPath path;

    @Setup
    public void open() {
        Keyspace keys = new Keyspace(keyCount);
        path = switch (system) {
            case AERON_ECHO -> EchoPath.open(EchoMessages.requestLength(keys.keyLength()),
                    EchoMessages.replyLength(payloadLength));
            case TIERCEL -> NodePath.ipc(keys, payloadLength);
            default -> throw new IllegalArgumentException(
                    "system=" + system + " expected " + AERON_ECHO + " or " + TIERCEL);
        };
    }

    @Benchmark
    public boolean get() {
        return hits.count(path.read());
    }

    @TearDown
    public void close() {
        path.close();
    }
}
