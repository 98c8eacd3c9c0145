package io.tiercel.client;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.tiercel.Key;
import io.tiercel.mapped.ControlDescriptor;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.LockFile;
import io.tiercel.mapped.ReaderDescriptor;
import io.tiercel.mapped.ReaderFile;
import io.tiercel.wire.WireProtocol;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/**
 * A node small enough to read: it speaks the protocol over IPC and UDP, keeps the mapped files as a node does, and
 * misbehaves on request. One thread does everything, the media driver included; tests reach its state through
 * {@link #run(Callable)}.
 */
final class FakeNode implements AutoCloseable {
    static final int SLOTS = 64;
    static final long NONCE = 0x5EED_0000_1234L;

    /** One value; its place when it lies in a segment. */
    static final class Value {
        final byte[] payload;
        final String etag;
        final @Nullable Place place;

        Value(byte[] payload, String etag, @Nullable Place place) {
            this.payload = payload;
            this.etag = etag;
            this.place = place;
        }
    }

    /** How the node misbehaves; set by tests. */
    static final class Mischief {
        volatile boolean refusesMapping;
        volatile boolean isMute;
        volatile boolean corruptsChecksum;
        volatile boolean skipsChunk;
        volatile boolean answersNonsense;
        volatile boolean stopsMidway;
        volatile boolean beatStops;
        final AtomicInteger staleReplies = new AtomicInteger();
        volatile long claimedLength = -1L;
    }

    final Mischief mischief = new Mischief();
    final Map<Integer, AtomicInteger> requests = new ConcurrentHashMap<>();
    final Map<String, Value> values = new HashMap<>();
    final ControlFile control;
    final FakeSegments segments;
    volatile long pinQuota = 1L << 40;
    volatile long maxFrame = 64L * 1024 * 1024;

    private final Path dir;
    private final long incarnation;
    private final String aeronDir;
    private final MediaDriver driver;
    private final Aeron aeron;
    private final Subscription ipc;
    private final Subscription udp;
    private final Map<Integer, FakeSession> sessions = new HashMap<>();
    private final List<ReaderFile> readers = new ArrayList<>();
    private final ConcurrentLinkedQueue<FutureTask<?>> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private final FragmentAssembler assembler = new FragmentAssembler((buffer, offset, length,
            header) -> session(header.sessionId(), (Image) header.context()).onRequest(buffer, offset));
    private volatile boolean isStopped;

    private FakeNode(Path dir, long incarnation) throws IOException {
        this.dir = dir;
        this.incarnation = incarnation;
        this.aeronDir = "/dev/shm/tiercel-fake-" + UUID.randomUUID();
        driver = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(aeronDir)
                .threadingMode(ThreadingMode.INVOKER).dirDeleteOnShutdown(true).warnIfDirectoryExists(false)
                .imageLivenessTimeoutNs(TimeUnit.SECONDS.toNanos(1)).timerIntervalNs(TimeUnit.MILLISECONDS.toNanos(
                        50)));
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(aeronDir).useConductorAgentInvoker(true)
                .driverAgentInvoker(driver.sharedAgentInvoker()));
        ipc = aeron.addSubscription(WireProtocol.ipcChannel(), WireProtocol.INGRESS_STREAM_ID);
        udp = aeron.addSubscription(WireProtocol.udpChannel("127.0.0.1:0"), WireProtocol.INGRESS_STREAM_ID);
        Files.createDirectories(dir.resolve("readers"));
        Path controlPath = dir.resolve("control");
        reserve(controlPath, ControlDescriptor.fileLength(SLOTS));
        control = ControlFile.create(controlPath, SLOTS);
        control.nonce(NONCE);
        control.pid(ProcessHandle.current().pid());
        control.aeronDir(aeronDir);
        control.clockMsOpaque(System.currentTimeMillis());
        segments = new FakeSegments(dir, control, incarnation * 1_000L);
        control.incarnationVolatile(incarnation);
        thread = new Thread(this::loop, "fake-node-" + incarnation);
        thread.setDaemon(true);
        thread.start();
    }

    static FakeNode start(Path dir) throws IOException {
        return start(dir, 1L);
    }

    static FakeNode start(Path dir, long incarnation) throws IOException {
        return new FakeNode(dir, incarnation);
    }

    /** {@code HOST:PORT} that it takes requests on. */
    String udpEndpoint() throws Exception {
        return run(() -> {
            String channel;
            while ((channel = udp.tryResolveChannelEndpointPort()) == null) {
                work();
            }
            return channel.substring(channel.indexOf("endpoint=") + "endpoint=".length());
        });
    }

    /** Runs on the node's thread. */
    <T> T run(Callable<T> action) throws Exception {
        FutureTask<T> task = new FutureTask<>(action);
        tasks.add(task);
        return task.get(10, TimeUnit.SECONDS);
    }

    /** Stores a value; {@code mapped}: in a segment too. */
    Place put(String path, byte[] payload, boolean mapped) throws Exception {
        return put(path, payload, mapped, 0L);
    }

    Place put(String path, byte[] payload, boolean mapped, long expiresAtMs) throws Exception {
        return run(() -> {
            Key key = Key.of(path);
            String etag = "\"" + Integer.toHexString(FakeSegments.crc32c(payload)) + "\"";
            Place place = mapped ? segments.append(key, payload, etag, "text/plain", expiresAtMs) : null;
            Value old = values.put(key.toString(), new Value(payload, etag, place));
            if (old != null && old.place != null) {
                segments.kill(old.place);
            }
            return place;
        });
    }

    /** Requests of a template that came so far. */
    int count(int templateId) {
        AtomicInteger counted = requests.get(templateId);
        return counted == null ? 0 : counted.get();
    }

    boolean lockIsHeld(int reader) throws IOException {
        return LockFile.isHeld(dir.resolve("readers").resolve(reader + ".lock"));
    }

    ReaderFile reader(int number) {
        return readers.get(number);
    }

    int readerCount() {
        return readers.size();
    }

    int grantReader() throws IOException {
        // Numbers of an earlier incarnation may be held still: they are not given again.
        int number = readers.size() + (int) (incarnation - 1) * 100;
        Path path = dir.resolve("readers").resolve(Integer.toString(number));
        reserve(path, ReaderDescriptor.fileLength(SLOTS));
        readers.add(ReaderFile.create(path, SLOTS, number, incarnation, pinQuota));
        return number;
    }

    long incarnation() {
        return incarnation;
    }

    Aeron aeron() {
        return aeron;
    }

    /** Sends every client a SessionClosed. */
    void closeSessions(String reason) throws Exception {
        run(() -> {
            sessions.values().forEach(session -> session.close(reason));
            return null;
        });
    }

    private void loop() {
        while (!isStopped) {
            FutureTask<?> task;
            while ((task = tasks.poll()) != null) {
                task.run();
            }
            if (work() == 0) {
                LockSupport.parkNanos(20_000L);
            }
        }
    }

    private int work() {
        if (!mischief.beatStops) {
            control.beatOpaque(control.beatOpaque() + 1);
            driver.sharedAgentInvoker().invoke();
        }
        int work = aeron.conductorAgentInvoker().invoke();
        if (mischief.beatStops) {
            return 0;
        }
        work += ipc.poll(assembler, 10);
        work += udp.poll(assembler, 10);
        for (FakeSession session : sessions.values()) {
            work += session.send();
        }
        return work;
    }

    private FakeSession session(int sessionId, Image image) {
        return sessions.computeIfAbsent(sessionId, id -> new FakeSession(this, image));
    }

    /** Clean stop: the incarnation goes first. */
    @Override
    public void close() {
        if (!isStopped) {
            control.incarnationVolatile(0L);
            end();
        }
    }

    /** As if the process were killed: the files stay as they are. */
    void kill() {
        end();
    }

    private void end() {
        isStopped = true;
        try {
            thread.join(10_000L);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        CloseHelper.closeAll(aeron, driver);
        readers.forEach(ReaderFile::close);
        segments.close();
        control.close();
    }

    private static void reserve(Path path, int length) {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
