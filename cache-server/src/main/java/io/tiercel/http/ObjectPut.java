package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.shard.Commands;
import io.tiercel.shard.PutCondition;
import io.tiercel.shard.PutRequest;
import io.tiercel.shard.PutResult;
import io.tiercel.shard.PutSink;
import io.tiercel.tier.ContentHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;

/**
 * One PUT: refused before a byte is read where that can be known; else its body goes from the socket into the room that
 * the shard has given, and is published whole or not at all. A body of unknown length is spooled first, since room is
 * given by length.
 */
final class ObjectPut {
    private static final String IDENTITY = "identity";

    private final HttpGateway.Context context;
    private final Commands commands;
    private final SpoolBudget spoolBudget;
    private final Exchange exchange;
    private final Request request;
    private final Key key;

    ObjectPut(HttpGateway.Context context, SpoolBudget spoolBudget, Exchange exchange, Key key) {
        this.context = context;
        this.commands = context.commands();
        this.spoolBudget = spoolBudget;
        this.exchange = exchange;
        this.request = exchange.request();
        this.key = key;
    }

    void begin() {
        refuseConditions(request, Set.of(HttpHeader.IF_MODIFIED_SINCE, HttpHeader.IF_UNMODIFIED_SINCE));
        refuseEncodingsAndParts();
        PutRequest put = putRequest(request.getLength());
        if (put.length() > context.maxFrame()) {
            throw tooLarge(put.length());
        }
        if (put.length() >= 0) {
            exchange.limitTransfer(put.length());
            open(put, sink -> new BodyReader(exchange, new Filling(sink)).run());
        } else {
            exchange.limitTransfer(context.maxFrame());
            new BodyReader(exchange, new Spooling(put)).run();
        }
    }

    private interface Step {
        void on(PutSink sink) throws IOException;
    }

    private void open(PutRequest put, Step step) {
        exchange.await(commands.openPut(put), sink -> {
            exchange.atEnd(sink::abort);
            try {
                step.on(sink);
            } catch (IOException e) {
                exchange.fail(e);
            }
        }, PutSink::abort);
    }

    private void commit(PutSink sink, ContentHash hash) {
        exchange.await(sink.commit(hash), this::answer, _ -> {});
    }

    private void answer(PutResult result) {
        exchange.response().getHeaders().put(HttpHeader.ETAG, result.etag());
        exchange.empty(result.created() ? HttpStatus.CREATED_201 : HttpStatus.NO_CONTENT_204);
    }

    private PutRequest putRequest(long length) {
        HttpFields fields = request.getHeaders();
        String ifMatch = String.join(", ", fields.getValuesList(HttpHeader.IF_MATCH));
        String ifNoneMatch = String.join(", ", fields.getValuesList(HttpHeader.IF_NONE_MATCH));
        if (!ifNoneMatch.isEmpty() && (!ifNoneMatch.strip().equals("*") || !ifMatch.isEmpty())) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT,
                    "If-None-Match of a PUT is * alone, and goes without If-Match");
        }
        PutCondition condition = PutCondition.NONE;
        if (!ifNoneMatch.isEmpty()) {
            condition = PutCondition.IF_ABSENT;
        } else if (!ifMatch.isEmpty()) {
            condition = PutCondition.IF_MATCH;
        }
        String ttl = fields.get(Ttl.FIELD);
        String contentType = fields.get(HttpHeader.CONTENT_TYPE);
        return new PutRequest(key, length, contentType == null ? "" : contentType, ttl == null ? 0 : Ttl.parseMs(ttl),
                condition, ifMatch, context.requestTimeoutMs());
    }

    /** A condition that we do not know how to judge must not be taken for one that holds. */
    static void refuseConditions(Request request, Set<HttpHeader> conditions) {
        for (HttpHeader condition : conditions) {
            if (request.getHeaders().contains(condition)) {
                throw new TiercelException(ErrorCode.INVALID_ARGUMENT,
                        condition.asString() + " is not supported for " + request.getMethod());
            }
        }
    }

    /** A body is the whole object as it is: a part would be taken for it, and an encoding forgotten. */
    private void refuseEncodingsAndParts() {
        List<String> encodings = request.getHeaders().getValuesList(HttpHeader.CONTENT_ENCODING);
        if (!encodings.stream().allMatch(encoding -> encoding.strip().equalsIgnoreCase(IDENTITY))) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT,
                    "Content-Encoding is not kept: send the bytes as they are to be read");
        }
        if (request.getHeaders().contains(HttpHeader.CONTENT_RANGE)) {
            throw new TiercelException(ErrorCode.INVALID_ARGUMENT, "Content-Range: an object is put whole");
        }
    }

    private TiercelException tooLarge(long length) {
        return new TiercelException(ErrorCode.TOO_LARGE,
                "body is " + length + " bytes or more, the node takes at most " + context.maxFrame());
    }

    /** Bytes from the socket go straight to where they are to stay. */
    private final class Filling implements BodyReader.Target {
        private final PutSink sink;
        private final ByteBuffer room;
        private final ContentHash hash = new ContentHash();

        Filling(PutSink sink) {
            this.sink = sink;
            this.room = sink.payload().duplicate();
        }

        @Override
        public void take(ByteBuffer chunk) {
            int length = chunk.remaining();
            int position = room.position();
            try {
                room.put(chunk);
            } catch (InternalError e) {
                throw new TiercelException(ErrorCode.CORRUPT,
                        "the file under the object was cut short on the node's disk: put it again", e);
            }
            hash.update(room.slice(position, length));
            context.metrics().received(length);
        }

        @Override
        public void complete() throws IOException {
            if (room.hasRemaining()) {
                throw new IOException("body ended " + room.remaining() + " bytes early");
            }
            commit(sink, hash);
        }
    }

    /** Bytes wait in a file until their number is known. */
    private final class Spooling implements BodyReader.Target {
        private final PutRequest put;
        private final SpoolFile file;

        Spooling(PutRequest put) {
            this.put = put;
            this.file = spoolBudget.open();
            exchange.atEnd(file::close);
        }

        @Override
        public void take(ByteBuffer chunk) {
            if (file.length() + chunk.remaining() > context.maxFrame()) {
                throw tooLarge(file.length() + chunk.remaining());
            }
            context.metrics().received(chunk.remaining());
            file.append(chunk);
        }

        @Override
        public void complete() {
            PutRequest known = new PutRequest(put.key(), file.length(), put.contentType(), put.ttlMs(),
                    put.condition(), put.ifMatch(), put.timeoutMs());
            open(known, sink -> commit(sink, file.moveTo(sink.payload().duplicate())));
        }
    }
}
