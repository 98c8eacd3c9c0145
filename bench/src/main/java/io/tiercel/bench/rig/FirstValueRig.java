package io.tiercel.bench.rig;

import io.tiercel.bench.arrow.ArrowSample;
import io.tiercel.bench.arrow.FirstValueProcess;
import io.tiercel.bench.arrow.FirstValueProcess.Way;
import io.tiercel.bench.arrow.FlightProcess;
import io.tiercel.bench.load.Figures;
import io.tiercel.bench.node.NodeServer;
import io.tiercel.bench.peer.RedisServer;
import io.tiercel.bench.process.ChildJvm;
import io.tiercel.bench.process.FreePorts;
import io.tiercel.bench.process.ProcessMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.agrona.IoUtil;

/**
 * How long is it from asking for a large Arrow frame to its first value, and what memory does that take on both sides?
 *
 * <p>A client process of its own for each system, warm from a small frame. A node's frame is opened where it lies; that of
 * Redis is received whole and opened where it was received; of Flight the first batch alone is asked for, 16 MiB. {@code firstNs} is the client's first read of the large frame, the percentiles are of all that follow.
 */
final class FirstValueRig implements Rig {
    static final String NAME = "firstvalue";

    private static final String SMALL_KEY = "rig/arrow/small";
    private static final String LARGE_KEY = "rig/arrow/large";
    private static final int SMALL_ROWS = 1 << 10;

    private final long largeLength;
    private final long runMs;

    /** @param runMs how long each is read. */
    FirstValueRig(long largeLength, long runMs) {
        this.largeLength = largeLength;
        this.runMs = runMs;
    }

    static FirstValueRig of(boolean isQuick) {
        return isQuick ? new FirstValueRig(30L << 20, 500) : new FirstValueRig(300L << 20, 5_000);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String question() {
        return "time from asking for a large Arrow frame to its first value, and memory of both processes";
    }

    @Override
    public String doesNotMeasure() {
        return "reading all of the frame: where it is mapped, what nobody touches costs nothing";
    }

    @Override
    public Plan plan() {
        Plan sample = Plan.NOTHING.carrying(largeLength);
        return sample.and(redisPlan()).and(reading().jvms(1)).and(nodePlan());
    }

    private Plan redisPlan() {
        return reading().programs(1).puts(1, largeLength);
    }

    private Plan nodePlan() {
        return reading().and(reading()).jvms(1).puts(1, largeLength);
    }

    /** One client, which warms up no longer than it reads; both ways end with the read that is under way. */
    private Plan reading() {
        return Plan.NOTHING.jvms(1).measuring(2, TimeUnit.MILLISECONDS.toNanos(runMs)).carrying(2 * largeLength);
    }

    @Override
    public Duration budget(boolean isQuick) {
        return isQuick ? Duration.ofSeconds(35) : Duration.ofMinutes(3);
    }

    @Override
    public void run(RigRun run) {
        Sample sample = Sample.write(largeLength);
        try {
            run.attempt(row(Systems.REDIS_UNIX, ""), Servers.missingRedis(), redisPlan().ns(), () -> redis(run,
                    sample));
            run.attempt(row(Systems.FLIGHT, ""), "", reading().jvms(1).ns(), () -> flight(run, sample));
            run.attempt(row(Systems.MAPPED, Systems.REDIS_UNIX), "", nodePlan().ns(), () -> node(run, sample));
        } finally {
            sample.delete();
        }
    }

    private void redis(RigRun run, Sample sample) {
        try (RedisServer server = RedisServer.start()) {
            server.set(SMALL_KEY, ArrowSample.map(sample.small()));
            server.set(LARGE_KEY, ArrowSample.map(sample.large()));
            run.add(read(row(Systems.REDIS_UNIX, ""), server.pid(), sample, Way.REDIS, server.socket().toString(),
                    SMALL_KEY, LARGE_KEY));
        }
    }

    private void flight(RigRun run, Sample sample) {
        int port = FreePorts.tcp();
        String small = Integer.toString(SMALL_ROWS);
        String large = Integer.toString(ArrowSample.MOST_ROWS);
        try (ChildJvm server = ChildJvm.start(FlightProcess.class, Integer.toString(port), small, large)) {
            run.add(read(row(Systems.FLIGHT, ""), server.pid(), sample, Way.FLIGHT, Integer.toString(port), small,
                    large));
        }
    }

    private void node(RigRun run, Sample sample) {
        try (NodeServer server = NodeServer.start(Math.max(256L << 20, 4 * largeLength))) {
            server.put(SMALL_KEY, ArrowSample.map(sample.small()));
            server.put(LARGE_KEY, ArrowSample.map(sample.large()));
            String dir = server.dir().toString();
            run.add(read(row(Systems.MAPPED, Systems.REDIS_UNIX), server.pid(), sample, Way.NODE_MAPPED, dir,
                    SMALL_KEY, LARGE_KEY));
            run.add(read(row(Systems.IPC, Systems.REDIS_UNIX), server.pid(), sample, Way.NODE_STREAMED, dir, SMALL_KEY,
                    LARGE_KEY));
        }
    }

    private Row row(String system, String baseline) {
        return new Row(NAME, system, largeLength).with("load", "closed").with("clients", 1).comparedTo(baseline,
                Row.P50);
    }

    private Row read(Row row, long serverPid, Sample sample, Way way, String where, String small, String large) {
        try (ChildJvm client = ChildJvm.start(FirstValueProcess.class, way.name(), where, small, large,
                Long.toString(sample.small().toFile().length()), Long.toString(sample.large().toFile().length()),
                Long.toString(runMs))) {
            List<String> result = Files.readAllLines(FirstValueProcess.resultFile(client.folders()));
            Histogram latencies = Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(result.get(1))), 0);
            long count = latencies.getTotalCount();
            Figures figures = new Figures(latencies, count, 0, count,
                    TimeUnit.MILLISECONDS.toNanos(runMs), 0, (long) (Double.parseDouble(result.get(2)) * count));
            return row.figures(figures, "").with("firstNs", Long.parseLong(result.get(0)))
                    .with("peakBytesClient", ProcessMemory.peakBytes(client.pid()))
                    .with("anonymousBytesClient", ProcessMemory.anonymousBytes(client.pid()))
                    .with("residentBytesNode", ProcessMemory.residentBytes(serverPid))
                    .with("anonymousBytesNode", ProcessMemory.anonymousBytes(serverPid));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DataFormatException e) {
            throw new IllegalStateException("result of the client cannot be read", e);
        }
    }

    /** The frames, as files of their own. */
    private record Sample(Path folder, Path small, Path large) {
        static Sample write(long largeLength) {
            try {
                Path folder = Files.createTempDirectory("tiercel-bench-arrow");
                Sample sample = new Sample(folder, folder.resolve("small.arrow"), folder.resolve("large.arrow"));
                ArrowSample.write(sample.small, SMALL_ROWS * 16L);
                ArrowSample.write(sample.large, largeLength);
                return sample;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void delete() {
            IoUtil.delete(folder.toFile(), true);
        }
    }
}
