package io.tiercel.client;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.mapped.ControlFile;
import io.tiercel.mapped.LockFile;
import io.tiercel.mapped.ReaderFile;
import io.tiercel.wire.WireProtocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;

/**
 * Makes sessions: finds the node, connects, says hello, and where both sides want it locks and maps a reader file. On
 * the caller's thread, by a deadline. Threadsafe.
 */
final class SessionConnector {
    private static final long PAUSE_NS = 100_000L;
    private static final int RESTARTS_FOLLOWED = 3;
    private static final int RETRY_AFTER_MS = 1000;

    private final TiercelClient.Context context;
    private final Completions completions;
    private final Runnable waker;

    SessionConnector(TiercelClient.Context context, Completions completions, Runnable waker) {
        this.context = context;
        this.completions = completions;
        this.waker = waker;
    }

    /**
     * A session with the node that serves now.
     *
     * @throws TiercelException NODE_UNAVAILABLE when none does, NOT_SUPPORTED when it speaks another version.
     */
    Session connect(long deadlineNs) {
        Path dir = context.nodeDir();
        String udp = context.udp();
        if (dir != null) {
            return connectToDir(dir, deadlineNs);
        }
        UdpEndpoint endpoint = udp == null ? null : UdpEndpoint.tryParse(udp);
        if (endpoint == null) {
            throw new IllegalStateException("context was not concluded");
        }
        return connectOverUdp(endpoint, deadlineNs);
    }

    private Session connectOverUdp(UdpEndpoint endpoint, long deadlineNs) {
        String target = "node at udp " + endpoint;
        try {
            AeronTransport transport = AeronTransport.overUdp(context, endpoint, deadlineNs);
            Session session = new Session(context, target, Mode.UDP, transport, WireProtocol.UDP_CHUNK_LENGTH, null,
                    completions, waker);
            return handshake(session, transport, deadlineNs, null);
        } catch (IOException | RuntimeException e) {
            throw unreachable("no " + target + ": " + e.getMessage() + "; start one with: tiercel serve --udp "
                    + endpoint, e);
        }
    }

    private Session connectToDir(Path dir, long deadlineNs) {
        for (int restarts = 0;; restarts++) {
            ControlFile control = openControl(dir);
            long incarnation = control.incarnationVolatile();
            try {
                return connectToIncarnation(dir, control, incarnation, deadlineNs);
            } catch (RuntimeException e) {
                long found = control.incarnationVolatile();
                boolean restarted = found != incarnation && found != 0L;
                if (!restarted || restarts == RESTARTS_FOLLOWED || System.nanoTime() - deadlineNs >= 0L) {
                    throw unreachable("no node answers in " + dir + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private static ControlFile openControl(Path dir) {
        Path file = dir.resolve("control");
        try {
            if (!Files.exists(file)) {
                throw noNode(dir);
            }
            ControlFile control = ControlFile.open(file, false);
            if (control.incarnationVolatile() == 0L) {
                throw noNode(dir);
            }
            return control;
        } catch (IOException e) {
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE, "no node can be reached in " + dir + ": " + e, e);
        }
    }

    private static TiercelException noNode(Path dir) {
        return new TiercelException(ErrorCode.NODE_UNAVAILABLE,
                "no node serves " + dir + "; start one with: tiercel serve --dir " + dir);
    }

    private Session connectToIncarnation(Path dir, ControlFile control, long incarnation, long deadlineNs) {
        NodeWatch watch = new NodeWatch(control, incarnation, context.livenessTimeoutNs(), System.nanoTime());
        awaitBeat(watch, deadlineNs);
        String aeronDir = control.aeronDir();
        if (!AeronTransport.hasDriver(aeronDir)) {
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE, "its media driver's folder is gone: " + aeronDir);
        }
        AeronTransport transport = AeronTransport.overIpc(context, aeronDir, deadlineNs,
                () -> watch.goneBecause(System.nanoTime()));
        Session session = new Session(context, "node of " + dir, Mode.IPC, transport, WireProtocol.IPC_CHUNK_LENGTH,
                watch, completions, waker);
        return handshake(session, transport, deadlineNs, new SharedFiles(dir, control, incarnation));
    }

    /** A node that was killed leaves everything but its beat. */
    private static void awaitBeat(NodeWatch watch, long deadlineNs) {
        while (!watch.hasBeaten()) {
            long nowNs = System.nanoTime();
            String reason = watch.goneBecause(nowNs);
            if (!reason.isEmpty() || nowNs - deadlineNs >= 0L) {
                throw new TiercelException(ErrorCode.NODE_UNAVAILABLE,
                        reason.isEmpty() ? "the node does not move" : reason);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Files of a node on this host. */
    private record SharedFiles(Path dir, ControlFile control, long incarnation) {}

    private Session handshake(Session session, AeronTransport transport, long deadlineNs, @Nullable SharedFiles files) {
        boolean established = false;
        try {
            boolean wantsMapping = files != null && !context.streamed();
            HelloCall.Welcome welcome = session.call(new HelloCall(deadlineNs, transport.replyStreamId(),
                    transport.replyPort(), wantsMapping, files == null || !wantsMapping ? 0L : files.control().nonce(),
                    context.clientName()));
            requireUnderstood(welcome, files);
            boolean offered = welcome.readerNumber() != HelloCall.Welcome.NOT_MAPPED;
            ReaderRegion region = files != null && wantsMapping && offered ? openRegion(files, welcome) : null;
            boolean mapped = region != null && isAttached(session, region, deadlineNs);
            if (context.mustMap() && !mapped) {
                throw new TiercelException(ErrorCode.OVERLOADED, offered
                        ? "the node's files cannot be mapped here, and mustMap=true"
                        : "the node offers no mapped access, and mustMap=true: it has all the mapped clients that"
                                + " clients.maxMapped allows, or no room for a reader file", RETRY_AFTER_MS, null);
            }
            session.establish(welcome, mapped ? Mode.MAPPED : session.mode(), mapped ? region : null);
            established = true;
            return session;
        } finally {
            if (!established) {
                session.close();
            }
        }
    }

    /** A node that refuses here has its frames copied; whatever else goes wrong ends the attempt. */
    private boolean isAttached(Session session, ReaderRegion region, long deadlineNs) {
        boolean attached = false;
        try {
            session.call(new AttachCall(deadlineNs));
            region.attached();
            attached = true;
        } catch (TiercelException e) {
            if (session.isLost() || e.code() == ErrorCode.TIMEOUT) {
                throw e;
            }
            context.errorHandler().accept(e);
        } finally {
            if (!attached) {
                region.retire();
            }
        }
        return attached;
    }

    private static void requireUnderstood(HelloCall.Welcome welcome, @Nullable SharedFiles files) {
        if (welcome.protocolVersion() != WireProtocol.PROTOCOL_VERSION) {
            throw new TiercelException(ErrorCode.NOT_SUPPORTED,
                    "the node speaks protocol " + welcome.protocolVersion() + " and this client "
                            + WireProtocol.PROTOCOL_VERSION + ": bring both to one version");
        }
        if (files != null && welcome.incarnation() != files.incarnation()) {
            throw new TiercelException(ErrorCode.NODE_UNAVAILABLE, "the node is restarting");
        }
    }

    /** Null when the files cannot be had: then frames are copied instead. */
    private @Nullable ReaderRegion openRegion(SharedFiles files, HelloCall.Welcome welcome) {
        Path readers = files.dir().resolve("readers");
        Path file = readers.resolve(Integer.toString(welcome.readerNumber()));
        LockFile lock = null;
        ReaderRegion region = null;
        try {
            lock = LockFile.tryAcquire(readers.resolve(welcome.readerNumber() + ".lock"));
            if (lock == null) {
                throw new IOException("the lock of " + file + " is held");
            }
            ReaderFile reader = ReaderFile.open(file, files.control().slotCapacity());
            region = new ReaderRegion(context, files.dir(), files.control(), reader, lock, files.incarnation());
        } catch (IOException e) {
            context.errorHandler().accept(e);
        } finally {
            if (region == null) {
                CloseHelper.close(context.errorHandler()::accept, lock);
            }
        }
        return region;
    }

    /** A trouble of the way there is NODE_UNAVAILABLE, whatever it was called where it arose. */
    private static TiercelException unreachable(String message, Exception cause) {
        boolean keeps = cause instanceof TiercelException known && known.code() != ErrorCode.TIMEOUT
                && known.code() != ErrorCode.NODE_UNAVAILABLE;
        return keeps
                ? (TiercelException) cause
                : new TiercelException(ErrorCode.NODE_UNAVAILABLE, message, cause);
    }
}
