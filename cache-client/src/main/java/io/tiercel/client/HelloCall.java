package io.tiercel.client;

import io.tiercel.wire.codec.WelcomeDecoder;

/** Opens a session: says where replies go, and what proves that the files can be read. */
final class HelloCall extends Call<HelloCall.Welcome> {
    /** The node's terms. */
    record Welcome(int protocolVersion, int readerNumber, long incarnation, long maxFrame, int keepAliveMs,
            String nodeName) {
        /** A reader number that means: not mapped. */
        static final int NOT_MAPPED = -1;
    }

    private final int replyStreamId;
    private final int replyPort;
    private final boolean wantsMapping;
    private final long nonce;
    private final String clientName;

    /**
     * @param replyPort UDP port where replies are taken, 0 over IPC.
     * @param nonce from the control file, when mapping is wanted.
     */
    HelloCall(long deadlineNs, int replyStreamId, int replyPort, boolean wantsMapping, long nonce, String clientName) {
        super(deadlineNs);
        this.replyStreamId = replyStreamId;
        this.replyPort = replyPort;
        this.wantsMapping = wantsMapping;
        this.nonce = nonce;
        this.clientName = clientName;
    }

    @Override
    String what() {
        return "hello";
    }

    @Override
    boolean trySend(RequestSender sender) {
        return sender.hello(correlationId(), replyStreamId, replyPort, wantsMapping, nonce, clientName);
    }

    @Override
    void onWelcome(WelcomeDecoder reply) {
        complete(new Welcome(reply.protocolVersion(), reply.readerNumber(), reply.incarnation(), reply.maxFrame(),
                reply.keepAliveMs(), reply.nodeName()));
    }
}
