package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.metrics.HttpMetrics;
import io.tiercel.shard.Commands;
import io.tiercel.shard.PartReader;
import io.tiercel.shard.ReadPart;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingNestedCallback;
import org.jspecify.annotations.Nullable;

/**
 * Writes bytes of an object where they lie, one slice after another: the next one when the network has taken the last,
 * and the next part of the object when the last one has been written. So nothing is copied and nothing queues up, however
 * large the object and slow the reader, and a reader holds one part at a time.
 */
final class PartsWriter extends IteratingNestedCallback {
    private static final int SLICE_LENGTH = 256 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Text, then bytes of the object. */
    record Piece(ByteBuffer text, ByteRanges.Slice slice) {
        static Piece of(ByteRanges.Slice slice) {
            return new Piece(NOTHING, slice);
        }

        long length() {
            return text.remaining() + slice.length();
        }
    }

    /** The part that is being written; after the exchange's end it takes none. */
    private final class Held {
        private @Nullable ReadPart part;
        private boolean isOver;

        synchronized @Nullable ReadPart part() {
            return part;
        }

        synchronized boolean swap(@Nullable ReadPart next) {
            ReadPart old = part;
            part = isOver ? null : next;
            if (old != null) {
                commands.release(old.frame());
            }
            if (isOver && next != null) {
                commands.release(next.frame());
            }
            return !isOver;
        }

        synchronized void end() {
            swap(null);
            isOver = true;
        }
    }

    private final Exchange exchange;
    private final Commands commands;
    private final PartReader reader;
    private final String etag;
    private final long timeoutMs;
    private final HttpMetrics metrics;
    private final Response response;
    private final Held held = new Held();
    private final Queue<Piece> pieces = new ArrayDeque<>();
    private long left;
    private ByteBuffer text = NOTHING;
    private long position;
    private long end;
    private boolean isLastSent;

    /**
     * A writer that has not begun.
     *
     * @param first a part, which is ours from now on and given back at the latest when the exchange is over.
     */
    PartsWriter(HttpGateway.Context context, Exchange exchange, PartReader reader, ReadPart first,
            Iterable<Piece> body, Callback callback) {
        super(callback);
        this.exchange = exchange;
        this.commands = context.commands();
        this.reader = reader;
        this.etag = first.frame().etag();
        this.timeoutMs = context.requestTimeoutMs();
        this.metrics = context.metrics();
        this.response = exchange.response();
        for (Piece piece : body) {
            pieces.add(piece);
            left += piece.length();
        }
        held.swap(first);
        // Not when the last write ends or fails: only when the connection can no longer touch the bytes.
        exchange.atEnd(held::end);
    }

    /** Bytes of the body that are not written. */
    long left() {
        return left;
    }

    @Override
    protected Action process() {
        if (isLastSent) {
            return Action.SUCCEEDED;
        }
        while (!text.hasRemaining() && position == end && !pieces.isEmpty()) {
            Piece next = pieces.remove();
            text = next.text();
            position = next.slice().from();
            end = next.slice().to();
        }
        if (text.hasRemaining()) {
            ByteBuffer whole = text;
            text = NOTHING;
            write(whole);
            return Action.SCHEDULED;
        }
        if (position == end) {
            write(NOTHING);
            return Action.SCHEDULED;
        }
        ReadPart part = held.part();
        if (part == null || !part.covers(position)) {
            ask();
            return Action.SCHEDULED;
        }
        ByteBuffer payload = part.frame().payloadByteBuffer();
        int offset = (int) (position - part.position());
        int length = (int) Math.min(Math.min(SLICE_LENGTH, end - position), payload.remaining() - offset);
        position += length;
        write(payload.slice(offset, length));
        return Action.SCHEDULED;
    }

    private void write(ByteBuffer bytes) {
        left -= bytes.remaining();
        isLastSent = left == 0;
        metrics.sent(bytes.remaining());
        response.write(isLastSent, bytes, this);
    }

    /** What was written of the part before is with the network: it goes before the next one comes. */
    private void ask() {
        held.swap(null);
        CompletableFuture<ReadPart> _ = reader.read(position, end - position, etag, timeoutMs)
                .whenComplete((part, failure) -> {
                    try {
                        exchange.request().getComponents().getExecutor().execute(() -> onAnswer(part, failure));
                    } catch (RejectedExecutionException e) {
                        if (failure == null) {
                            commands.release(part.frame());
                        }
                        failed(e);
                    }
                });
    }

    /** What was sent already cannot be taken back: from here on a failure cuts the connection. */
    private void onAnswer(@Nullable ReadPart part, @Nullable Throwable failure) {
        if (part == null) {
            failed(failure == null ? new IllegalStateException("no part and no failure") : failure);
        } else if (!held.swap(part)) {
            failed(new IllegalStateException("the exchange is over"));
        } else if (!part.covers(position)) {
            failed(new TiercelException(ErrorCode.INTERNAL, "part without the byte wanted: position="
                    + position + " part=" + part.position()));
        } else {
            succeeded();
        }
    }
}
