package io.tiercel.http;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections on a thread of its own, and where the machine gives none, for want of descriptors, waits until it
 * does: those that are open go on, the log has one line when it begins and one when it is over. Left to the selector, as
 * Jetty can, it would be asked again at once, and tell the log each time.
 */
final class PatientConnector extends ServerConnector {
    private static final Logger LOG = LoggerFactory.getLogger(PatientConnector.class);

    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** The accepting thread's alone. */
    private boolean isWaiting;

    PatientConnector(Server server, HttpConnectionFactory factory) {
        super(server, 1, 1, factory);
    }

    @Override
    public void accept(int acceptorId) throws IOException {
        super.accept(acceptorId);
        if (isWaiting) {
            isWaiting = false;
            LOG.info("http: connections are accepted again");
        }
    }

    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        if (!(failure instanceof IOException) || failure instanceof ClosedChannelException) {
            return super.handleAcceptFailure(failure);
        }
        if (!isWaiting) {
            isWaiting = true;
            LOG.warn("http: no connection is accepted: {}", failure.getMessage());
        }
        LockSupport.parkNanos(PAUSE_NS);
        return isRunning();
    }
}
