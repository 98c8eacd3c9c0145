package io.tiercel.ingress;

import io.aeron.Image;
import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.egress.Egress;
import io.tiercel.egress.Session;
import io.tiercel.shard.Shard;
import io.tiercel.wire.WireProtocol;
import io.tiercel.wire.codec.Flag;
import io.tiercel.wire.codec.HelloDecoder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes in new clients: checks their Hello, opens the way back, offers mapping. Single writer: shard agent. */
public final class Greeter {
    private static final Logger LOG = LoggerFactory.getLogger(Greeter.class);
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MAX_PORT = 65_535;

    private final Shard shard;
    private final Egress egress;
    private final Clients clients;
    private final IngressSettings settings;

    public Greeter(Shard shard, Egress egress, Clients clients, IngressSettings settings) {
        this.shard = shard;
        this.egress = egress;
        this.clients = clients;
        this.settings = settings;
    }

    void onHello(Image image, HelloDecoder hello, long nowNs) {
        long correlationId = hello.correlationId();
        int protocolVersion = hello.protocolVersion();
        String channel = replyChannel(image, hello.replyPort());
        int streamId = hello.replyStreamId();
        boolean wantsMapping = hello.wantsMapping() == Flag.YES && hello.nonce() == settings.nonce();
        String name = printable(hello.clientName());
        if (channel == null) {
            LOG.warn("client {} refused: no reply address, source={}", name, image.sourceIdentity());
            return;
        }
        Session session = egress.open(name, channel, streamId, nowNs);
        if (protocolVersion != WireProtocol.PROTOCOL_VERSION) {
            refuse(session, correlationId, ErrorCode.NOT_SUPPORTED, "protocolVersion=" + protocolVersion
                    + " is not spoken here, expected " + WireProtocol.PROTOCOL_VERSION);
        } else if (clients.isFull()) {
            clients.noteRefused();
            refuse(session, correlationId, ErrorCode.OVERLOADED,
                    "node has all the clients it takes: clients.max=" + settings.maxClients());
        } else {
            int reader = wantsMapping ? grantReader(name) : Client.NO_READER;
            clients.add(new Client(clients.nextNumber(), image, session, reader, nowNs));
            session.welcome(correlationId, reader, settings.incarnation(), shard.maxFrame(), settings.keepAliveMs(),
                    settings.nodeName());
        }
    }

    /** The refusal is sent when the way back stands; the session ends as nobody is heard on it. */
    private static void refuse(Session session, long correlationId, ErrorCode code, String message) {
        session.error(correlationId, code, message, 1000);
        session.closeWhenSent(message);
    }

    private int grantReader(String name) {
        try {
            return shard.grantReader();
        } catch (TiercelException e) {
            clients.noteUnmapped();
            LOG.warn("client {} is streamed to, not mapped: {}", name, e.getMessage());
            return Client.NO_READER;
        }
    }

    /** Answers go to the address that the requests come from, whatever a Hello says, so that none is sent elsewhere. */
    private static @Nullable String replyChannel(Image image, int replyPort) {
        String source = image.sourceIdentity();
        if (source.startsWith("aeron:ipc")) {
            return WireProtocol.ipcReplyChannel();
        }
        int colon = source.lastIndexOf(':');
        if (colon <= 0 || replyPort <= 0 || replyPort > MAX_PORT) {
            return null;
        }
        return WireProtocol.udpReplyChannel(source.substring(0, colon) + ':' + replyPort);
    }

    private static String printable(String name) {
        StringBuilder out = new StringBuilder();
        name.codePoints().limit(MAX_NAME_LENGTH).forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return out.toString();
    }
}
