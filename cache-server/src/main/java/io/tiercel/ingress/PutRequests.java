package io.tiercel.ingress;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.egress.Session;
import io.tiercel.shard.Outcome;
import io.tiercel.shard.PutCondition;
import io.tiercel.shard.PutOperation;
import io.tiercel.shard.PutRequest;
import io.tiercel.shard.Shard;
import io.tiercel.wire.codec.Condition;
import io.tiercel.wire.codec.PutChunkDecoder;
import io.tiercel.wire.codec.PutDecoder;
import io.tiercel.wire.codec.PutOpenDecoder;
import java.util.HashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Puts over Aeron: in one message, or opened and then sent part by part. Single writer: shard agent. */
final class PutRequests {
    private final Shard shard;
    private final UnsafeBuffer key = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer payload = new UnsafeBuffer(0, 0);

    PutRequests(Shard shard) {
        this.shard = shard;
    }

    void onPut(Client client, PutDecoder put) {
        long correlationId = put.correlationId();
        int payloadCrc = put.payloadCrc();
        PutCondition condition = condition(put.condition());
        long ttlMs = put.ttlMs();
        int timeoutMs = put.timeoutMs();
        put.wrapKey(key);
        String contentType = put.contentType();
        String ifMatch = put.ifMatch();
        put.wrapPayload(payload);
        PutAssembly assembly = new PutAssembly(payload.capacity(), payloadCrc);
        Source source = new Source(payload);
        open(client, correlationId, assembly, () -> new PutRequest(normalKey(), source.length(), contentType, ttlMs,
                condition, ifMatch, timeoutMs), () -> {
                    assembly.append(0L, source.bytes(), 0, source.length());
                    commit(client.session, correlationId, assembly);
                });
        source.keep();
    }

    void onPutOpen(Client client, PutOpenDecoder put) {
        long correlationId = put.correlationId();
        long totalLength = put.totalLength();
        PutCondition condition = condition(put.condition());
        long ttlMs = put.ttlMs();
        int timeoutMs = put.timeoutMs();
        PutAssembly assembly = new PutAssembly(totalLength, put.payloadCrc());
        put.wrapKey(key);
        String contentType = put.contentType();
        String ifMatch = put.ifMatch();
        if (totalLength <= 0 || client.puts.size() >= Client.MAX_PUTS) {
            client.session.error(correlationId, totalLength <= 0 ? ErrorCode.INVALID_ARGUMENT : ErrorCode.OVERLOADED,
                    "put is refused: totalLength=" + totalLength + " open=" + client.puts.size(), 0);
            return;
        }
        client.puts.put(correlationId, assembly);
        open(client, correlationId, assembly,
                () -> new PutRequest(normalKey(), totalLength, contentType, ttlMs, condition, ifMatch, timeoutMs),
                () -> client.session.putReady(correlationId));
    }

    void onPutChunk(Client client, PutChunkDecoder chunk) {
        long correlationId = chunk.correlationId();
        PutAssembly assembly = client.puts.get(correlationId);
        if (assembly == null) {
            // Refused or cancelled while its parts were on their way.
            return;
        }
        long position = chunk.position();
        chunk.wrapPayload(payload);
        if (!assembly.append(position, payload, 0, payload.capacity())) {
            client.puts.remove(correlationId);
            assembly.abort(shard);
            client.session.error(correlationId, ErrorCode.INVALID_ARGUMENT,
                    "part of a put is out of order or too long: position=" + position, 0);
        } else if (assembly.isComplete()) {
            client.puts.remove(correlationId);
            commit(client.session, correlationId, assembly);
        }
    }

    /** Makes a request of a message's fields; its key may turn out to be none. */
    @FunctionalInterface
    private interface RequestMaker {
        PutRequest make();
    }

    private void open(Client client, long correlationId, PutAssembly assembly, RequestMaker maker, Runnable opened) {
        Session session = client.session;
        try {
            shard.openPut(maker.make(), new Outcome<>() {
                @Override
                public void onDone(PutOperation operation) {
                    if (session.isClosed()) {
                        shard.abort(operation);
                    } else if (assembly.opened(operation, shard)) {
                        try {
                            opened.run();
                        } catch (InternalError e) {
                            shard.onMemoryFault();
                            refuseLost(client, correlationId, assembly);
                        }
                    }
                }

                @Override
                public void onFailure(ErrorCode code, String message, int retryAfterMs) {
                    client.puts.remove(correlationId);
                    session.error(correlationId, code, message, retryAfterMs);
                }
            });
        } catch (TiercelException e) {
            client.puts.remove(correlationId);
            session.error(correlationId, e.code(), String.valueOf(e.getMessage()), e.retryAfterMs());
        }
    }

    private void commit(Session session, long correlationId, PutAssembly assembly) {
        if (!assembly.isIntact()) {
            assembly.abort(shard);
            session.error(correlationId, ErrorCode.CORRUPT, "payload does not match its checksum", 0);
            return;
        }
        shard.commit(assembly.handOver(), assembly.hash(), Replies.to(session, correlationId, session::putReply));
    }

    /** Refuses the open puts of a client whose memory is gone, so that nobody waits for them. Answers how many. */
    int refuseLost(Client client) {
        if (client.puts.isEmpty()) {
            return 0;
        }
        Map<Long, PutAssembly> lost = new HashMap<>();
        client.puts.forEach((correlationId, assembly) -> {
            if (assembly.isLost()) {
                lost.put(correlationId, assembly);
            }
        });
        lost.forEach((correlationId, assembly) -> refuseLost(client, correlationId, assembly));
        return lost.size();
    }

    private void refuseLost(Client client, long correlationId, PutAssembly assembly) {
        client.puts.remove(correlationId);
        assembly.abort(shard);
        client.session.error(correlationId, ErrorCode.CORRUPT, Session.CUT_SHORT, 0);
    }

    private Key normalKey() {
        return Key.ofUtf8(key, 0, key.capacity());
    }

    private static PutCondition condition(Condition wire) {
        return switch (wire) {
            case NONE -> PutCondition.NONE;
            case IF_ABSENT -> PutCondition.IF_ABSENT;
            case IF_MATCH -> PutCondition.IF_MATCH;
            case NULL_VAL -> throw new IllegalArgumentException("condition is missing");
        };
    }

    /** The payload of a message: read from there while the message lasts, copied only when space comes later. */
    private static final class Source {
        private DirectBuffer bytes;
        private boolean isTaken;

        Source(DirectBuffer inMessage) {
            this.bytes = inMessage;
        }

        int length() {
            return bytes.capacity();
        }

        DirectBuffer bytes() {
            isTaken = true;
            return bytes;
        }

        void keep() {
            if (!isTaken) {
                byte[] copy = new byte[bytes.capacity()];
                bytes.getBytes(0, copy);
                bytes = new UnsafeBuffer(copy);
            }
        }
    }
}
