package io.tiercel.wire;

import io.aeron.ChannelUriStringBuilder;

/** Constants of the protocol and the Aeron channels it runs on. Stateless. */
public final class WireProtocol {
    /** Raised when an older peer could misunderstand a newer one; both sides refuse what differs. */
    public static final int PROTOCOL_VERSION = 1;

    /** Stream on which every node takes requests, over IPC and UDP. */
    public static final int INGRESS_STREAM_ID = 8740;

    /** Stream on which a UDP client takes replies, on a port of its own. */
    public static final int UDP_REPLY_STREAM_ID = 8741;

    /** Bytes of a term: a session's log takes three of them each way, and a message at most an eighth of one. */
    public static final int TERM_LENGTH = 4 * 1024 * 1024;

    /** Most payload bytes in one message over IPC: large enough that framing costs nothing, small enough to fit. */
    public static final int IPC_CHUNK_LENGTH = 128 * 1024;

    /** Most payload bytes in one message over UDP: about as much as a receiver's window takes at once. */
    public static final int UDP_CHUNK_LENGTH = 60 * 1024;

    private WireProtocol() {}

    /** Channel of a client's requests over IPC: a log of its own, so that a client that dies wedges no other. */
    public static String ipcRequestChannel(int sessionId) {
        return new ChannelUriStringBuilder().media("ipc").sessionId(sessionId).termLength(TERM_LENGTH).build();
    }

    /** Channel on which a node listens to clients of its host, and clients to it. */
    public static String ipcChannel() {
        return "aeron:ipc";
    }

    /** Channel on which a node answers a client of its host. */
    public static String ipcReplyChannel() {
        return new ChannelUriStringBuilder().media("ipc").termLength(TERM_LENGTH).build();
    }

    /** Channel of a client's requests to {@code HOST:PORT}. */
    public static String udpRequestChannel(String endpoint, int sessionId) {
        return new ChannelUriStringBuilder().media("udp").endpoint(endpoint).sessionId(sessionId)
                .termLength(TERM_LENGTH).build();
    }

    /** Channel on which {@code HOST:PORT} is listened to; port 0 takes a free one. */
    public static String udpChannel(String endpoint) {
        return new ChannelUriStringBuilder().media("udp").endpoint(endpoint).build();
    }

    /** Channel on which a node answers a client at {@code HOST:PORT}. */
    public static String udpReplyChannel(String endpoint) {
        return new ChannelUriStringBuilder().media("udp").endpoint(endpoint).termLength(TERM_LENGTH).build();
    }
}
