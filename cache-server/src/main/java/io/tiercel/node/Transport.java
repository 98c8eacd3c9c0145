package io.tiercel.node;

import io.aeron.Aeron;
import io.aeron.CncFileDescriptor;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.driver.Configuration;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.AeronException;
import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.wire.WireProtocol;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * The embedded media driver, the node's Aeron client and its subscriptions. Made and closed by the thread that launches
 * the node; in between the shard thread invokes what has no thread of its own.
 */
final class Transport implements AutoCloseable {
    private static final TroubleLog TROUBLES = new TroubleLog("media driver", false);

    /** One message of {@link WireProtocol#IPC_CHUNK_LENGTH} goes over IPC without being put together again. */
    private static final int IPC_MTU_LENGTH = Configuration.MAX_UDP_PAYLOAD_LENGTH;
    private static final long LIVENESS_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long PORT_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

    private final MediaDriver driver;
    private final Aeron aeron;
    private final Path folder;
    private final @Nullable Object driverFile;

    private Transport(MediaDriver driver, Aeron aeron, Path folder) throws IOException {
        this.driver = driver;
        this.aeron = aeron;
        this.folder = folder;
        this.driverFile = identityOfDriverFile();
    }

    /** Starts a driver in a folder of its own and connects to it. */
    static Transport launch(Path folder, Profile profile) {
        MediaDriver driver = null;
        Aeron aeron = null;
        try {
            driver = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(folder.toString())
                    .threadingMode(threadingMode(profile)).dirDeleteOnStart(true).dirDeleteOnShutdown(true)
                    .warnIfDirectoryExists(false).ipcMtuLength(IPC_MTU_LENGTH)
                    .clientLivenessTimeoutNs(LIVENESS_TIMEOUT_NS).imageLivenessTimeoutNs(LIVENESS_TIMEOUT_NS)
                    .sharedIdleStrategy(new BackoffIdleStrategy()).errorHandler(TROUBLES::report));
            aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(folder.toString())
                    .useConductorAgentInvoker(true).driverAgentInvoker(driver.sharedAgentInvoker())
                    .errorHandler(TROUBLES::report));
            return new Transport(driver, aeron, folder);
        } catch (IOException | RuntimeException e) {
            CloseHelper.quietCloseAll(aeron, driver);
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE,
                    "media driver does not start: aeron.dir=" + folder + ": " + e.getMessage(), e);
        }
    }

    private static ThreadingMode threadingMode(Profile profile) {
        return switch (profile) {
            case COMPACT -> ThreadingMode.INVOKER;
            case SHARED -> ThreadingMode.SHARED;
            case DEDICATED -> ThreadingMode.DEDICATED;
        };
    }

    Aeron aeron() {
        return aeron;
    }

    /** Invokes the driver; null when it has threads of its own. */
    @Nullable
    AgentInvoker driverInvoker() {
        return driver.sharedAgentInvoker();
    }

    /**
     * Whether clients of this host still find the driver by its file, which somebody may have deleted: the driver itself
     * would not notice. Asks the file system; any thread that may wait for it.
     */
    boolean isFound() {
        try {
            return Objects.equals(identityOfDriverFile(), driverFile);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return true; // Not known, so not given up.
        }
    }

    private @Nullable Object identityOfDriverFile() throws IOException {
        Path file = folder.resolve(CncFileDescriptor.CNC_FILE);
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    String folder() {
        return folder.toString();
    }

    /** Listens to clients of this host. */
    Subscription subscribeIpc(Consumer<Image> onUnavailable) {
        return aeron.addSubscription(WireProtocol.ipcChannel(), WireProtocol.INGRESS_STREAM_ID, image -> {},
                onUnavailable::accept);
    }

    /**
     * Listens on {@code HOST:PORT}.
     *
     * @throws TiercelException NODE_UNAVAILABLE when the port is taken.
     */
    Subscription subscribeUdp(String endpoint, Consumer<Image> onUnavailable) {
        requireFree(endpoint);
        try {
            return aeron.addSubscription(WireProtocol.udpChannel(endpoint), WireProtocol.INGRESS_STREAM_ID, image -> {},
                    onUnavailable::accept);
        } catch (AeronException e) {
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE,
                    "UDP endpoint cannot be used: aeron.udp=" + endpoint + ": " + e.getMessage(), e);
        }
    }

    /** The driver tells of a taken port only in its log, so it is tried first. */
    private static void requireFree(String endpoint) {
        InetSocketAddress address = Endpoints.resolve("aeron.udp", endpoint);
        try (DatagramSocket socket = new DatagramSocket(null)) {
            socket.bind(address);
        } catch (SocketException e) {
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE, "port is taken: aeron.udp=" + endpoint + " ("
                    + e.getMessage() + "): stop what holds it, or choose another, or port 0", e);
        }
    }

    /** The endpoint that a subscription came to listen on, its port resolved. */
    String endpointOf(Subscription subscription) {
        long deadlineNs = System.nanoTime() + PORT_TIMEOUT_NS;
        while (System.nanoTime() - deadlineNs < 0) {
            String channel = subscription.tryResolveChannelEndpointPort();
            if (channel != null) {
                return io.aeron.ChannelUri.parse(channel).get("endpoint");
            }
            invoke();
            Thread.onSpinWait();
        }
        throw new TiercelException(ErrorCode.NODE_UNAVAILABLE,
                "UDP endpoint does not open: " + subscription.channel() + " (see the log)");
    }

    private void invoke() {
        AgentInvoker invoker = driver.sharedAgentInvoker();
        if (invoker != null) {
            invoker.invoke();
        }
        aeron.conductorAgentInvoker().invoke();
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(aeron, driver);
    }
}
