package io.tiercel.bench.echo;

import io.aeron.Aeron;
import io.aeron.driver.Configuration;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.tiercel.bench.process.ChildLife;
import io.tiercel.bench.process.ScratchFolders;
import io.tiercel.wire.WireProtocol;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;

/**
 * Main class of the child that echoes over Aeron, IPC and UDP: media driver, channels and idle strategy as a node of
 * profile compact has them, nothing of the node besides. Arguments: its folders, where requests come over UDP, where
 * replies go, {@code HOST:PORT} each.
 */
final class EchoProcess implements AutoCloseable {
    static final int REQUEST_STREAM_ID = 1;
    static final int REPLY_STREAM_ID = 2;

    private static final long LIVENESS_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int STOP_TIMEOUT_MS = 5_000;

    private final MediaDriver driver;
    private final Aeron aeron;
    private final AgentRunner runner;

    private EchoProcess(String aeronDir, String requestEndpoint, String replyEndpoint) {
        driver = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(aeronDir)
                .threadingMode(ThreadingMode.INVOKER).dirDeleteOnStart(true).dirDeleteOnShutdown(true)
                .ipcMtuLength(Configuration.MAX_UDP_PAYLOAD_LENGTH).clientLivenessTimeoutNs(LIVENESS_TIMEOUT_NS)
                .imageLivenessTimeoutNs(LIVENESS_TIMEOUT_NS));
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(aeronDir).useConductorAgentInvoker(true)
                .driverAgentInvoker(driver.sharedAgentInvoker()));
        EchoAgent.Lane ipc = new EchoAgent.Lane(
                aeron.addSubscription(WireProtocol.ipcChannel(), REQUEST_STREAM_ID),
                aeron.addExclusivePublication(WireProtocol.ipcReplyChannel(), REPLY_STREAM_ID),
                WireProtocol.IPC_CHUNK_LENGTH);
        EchoAgent.Lane udp = new EchoAgent.Lane(
                aeron.addSubscription(WireProtocol.udpChannel(requestEndpoint), REQUEST_STREAM_ID),
                aeron.addExclusivePublication(WireProtocol.udpReplyChannel(replyEndpoint), REPLY_STREAM_ID),
                WireProtocol.UDP_CHUNK_LENGTH);
        EchoAgent agent = new EchoAgent(ipc, udp, driver.sharedAgentInvoker(), aeron.conductorAgentInvoker());
        runner = new AgentRunner(
                new BackoffIdleStrategy(200, 50, TimeUnit.MICROSECONDS.toNanos(1), TimeUnit.MICROSECONDS.toNanos(500)),
                error -> System.err.println("echo: " + error), null, agent);
        AgentRunner.startOnThread(runner);
    }

    public static void main(String[] arguments) throws IOException {
        ScratchFolders folders = ScratchFolders.ofArguments(arguments);
        ChildLife.serve(folders, () -> new EchoProcess(aeronDir(folders), arguments[2], arguments[3]));
    }

    /** Where the echo's media driver is found. */
    static String aeronDir(ScratchFolders folders) {
        return folders.memory().resolve("aeron").toString();
    }

    @Override
    public void close() {
        runner.close(STOP_TIMEOUT_MS, thread -> System.err.println("echo still stops: " + thread.getName()));
        CloseHelper.closeAll(aeron, driver);
    }
}
