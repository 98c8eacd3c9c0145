package io.tiercel.bench.echo;

import io.tiercel.bench.process.ChildJvm;
import io.tiercel.bench.process.FreePorts;
import java.util.List;

/** A running {@link EchoProcess} and where it is found; one client a medium. Threadsafe. */
public final class EchoServer implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1:";

    private final ChildJvm process;
    private final String requestEndpoint;
    private final String replyEndpoint;

    private EchoServer(ChildJvm process, String requestEndpoint, String replyEndpoint) {
        this.process = process;
        this.requestEndpoint = requestEndpoint;
        this.replyEndpoint = replyEndpoint;
    }

    public static EchoServer start() {
        List<Integer> ports = FreePorts.udp(2);
        String requestEndpoint = LOOPBACK + ports.get(0);
        String replyEndpoint = LOOPBACK + ports.get(1);
        return new EchoServer(ChildJvm.start(EchoProcess.class, requestEndpoint, replyEndpoint), requestEndpoint,
                replyEndpoint);
    }

    String aeronDir() {
        return EchoProcess.aeronDir(process.folders());
    }

    String requestEndpoint() {
        return requestEndpoint;
    }

    String replyEndpoint() {
        return replyEndpoint;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
