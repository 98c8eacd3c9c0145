package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import io.tiercel.TiercelException;
import io.tiercel.shard.Commands;
import io.tiercel.shard.EntryKind;
import io.tiercel.shard.PartReader;
import io.tiercel.shard.ReadPart;
import io.tiercel.shard.Served;
import io.tiercel.shard.StatResult;
import io.tiercel.tier.Pinned;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * GET or HEAD of one object: conditions and ranges as RFC 9110 has them, the body part by part. Entered by one thread of
 * Jetty's after another.
 */
final class ObjectGet {
    static final String CACHE_STATUS = "Cache-Status";
    private static final String HIT = "tiercel; hit";
    private static final String MISS = "tiercel; fwd=miss";
    private static final String NO_TYPE = "application/octet-stream";
    private static final HttpField ACCEPT_RANGES = new HttpField(HttpHeader.ACCEPT_RANGES, "bytes");
    /** What somebody stored must not run with the rights of our own pages. */
    private static final HttpField SANDBOX = new HttpField("Content-Security-Policy", "sandbox; default-src 'none'");
    /** Times that a request begins anew because the object changed between its two questions. */
    private static final int MAX_ATTEMPTS = 3;

    private final HttpGateway.Context context;
    private final Commands commands;
    private final Exchange exchange;
    private final Key key;
    private final @Nullable ByteRanges ranges;
    private int attempts;

    ObjectGet(HttpGateway.Context context, Exchange exchange, Key key) {
        this.context = context;
        this.commands = context.commands();
        this.exchange = exchange;
        this.key = key;
        this.ranges = ByteRanges.parse(exchange.request().getHeaders().getValuesList(HttpHeader.RANGE));
    }

    /** Answers a HEAD, for which ranges mean nothing. */
    void head() {
        exchange.await(commands.stat(key, context.requestTimeoutMs()), stat -> {
            requireFile(stat);
            describe(stat.etag(), stat.lastModifiedMs(), stat.tier().isEmpty() ? MISS : HIT);
            if (isServed(stat.etag(), stat.lastModifiedMs())) {
                contentType(stat.contentType());
                exchange.response().getHeaders().put(HttpHeader.CONTENT_LENGTH, stat.length());
                exchange.empty(HttpStatus.OK_200);
            }
        }, _ -> {});
    }

    /** Answers a GET. */
    void get() {
        PartReader reader = commands.parts(key);
        exchange.atEnd(reader::close);
        begin(reader);
    }

    private void begin(PartReader reader) {
        ByteRanges wanted = ranges;
        if (wanted == null) {
            await(reader.read(0, Long.MAX_VALUE, "", context.requestTimeoutMs()), reader);
        } else if (wanted.needLength()) {
            exchange.await(commands.stat(key, context.requestTimeoutMs()), stat -> readOf(reader, wanted, stat),
                    _ -> {});
        } else {
            await(reader.read(wanted.first(), wanted.firstLength(), "", context.requestTimeoutMs()), reader);
        }
    }

    private void await(CompletableFuture<ReadPart> part, PartReader reader) {
        exchange.await(part, first -> answer(reader, first), late -> commands.release(late.frame()));
    }

    /** Reads where the first range lies in an object of known length; it must still be the one whose length that is. */
    private void readOf(PartReader reader, ByteRanges wanted, StatResult stat) {
        requireFile(stat);
        List<ByteRanges.Slice> slices = wanted.in(stat.length());
        long from = slices == null || slices.isEmpty() ? 0 : slices.getFirst().from();
        long length = slices == null ? Long.MAX_VALUE : slices.isEmpty() ? 1 : slices.getFirst().length();
        boolean isLast = ++attempts >= MAX_ATTEMPTS;
        CompletableFuture<ReadPart> pinned = reader.read(from, length, stat.etag(), context.requestTimeoutMs());
        CompletableFuture<@Nullable ReadPart> unlessChanged = pinned.handle((part, failure) -> {
            if (failure instanceof TiercelException refusal && refusal.code() == ErrorCode.PRECONDITION_FAILED
                    && !isLast) {
                return null;
            }
            return part == null ? pinned.join() : part;
        });
        exchange.await(unlessChanged, part -> {
            if (part == null) {
                begin(reader);
            } else {
                answer(reader, part);
            }
        }, late -> {
            if (late != null) {
                commands.release(late.frame());
            }
        });
    }

    private void answer(PartReader reader, ReadPart first) {
        Pinned frame = first.frame();
        boolean isTaken = false;
        try {
            isTaken = tryAnswer(reader, first, frame);
        } finally {
            if (!isTaken) {
                commands.release(frame);
            }
        }
    }

    /** Whether the part was handed to a writer. */
    private boolean tryAnswer(PartReader reader, ReadPart first, Pinned frame) {
        String etag = frame.etag();
        long lastModifiedMs = frame.lastModifiedMs();
        List<ByteRanges.Slice> slices = slicesOf(first);
        describe(etag, lastModifiedMs, cacheStatus(first.served()));
        if (!isServed(etag, lastModifiedMs)) {
            return false;
        }
        long total = first.totalLength();
        HttpFields.Mutable fields = exchange.response().getHeaders();
        if (slices != null && slices.isEmpty()) {
            fields.put(HttpHeader.CONTENT_RANGE, "bytes */" + total);
            exchange.problem(new Problem(ErrorCode.INVALID_ARGUMENT, HttpStatus.RANGE_NOT_SATISFIABLE_416,
                    "no byte of the range lies in the object: length=" + total, 0));
            return false;
        }
        List<PartsWriter.Piece> body = bodyOf(slices, total, frame.contentType());
        long length = 0;
        for (PartsWriter.Piece piece : body) {
            length += piece.length();
        }
        fields.put(HttpHeader.CONTENT_LENGTH, length);
        Callback taken = exchange.tryAnswer();
        if (taken == null) {
            return false;
        }
        exchange.limitTransfer(length);
        exchange.response().setStatus(slices == null ? HttpStatus.OK_200 : HttpStatus.PARTIAL_CONTENT_206);
        new PartsWriter(context, exchange, reader, first, body, taken).iterate();
        return true;
    }

    /** Null for the whole object, empty for none of it. */
    private @Nullable List<ByteRanges.Slice> slicesOf(ReadPart first) {
        Pinned frame = first.frame();
        ByteRanges wanted = ranges;
        return wanted == null || !Conditions.allowRanges(exchange.request().getHeaders(), frame.etag(), frame
                .lastModifiedMs(), System.currentTimeMillis()) ? null : wanted.in(first.totalLength());
    }

    private List<PartsWriter.Piece> bodyOf(@Nullable List<ByteRanges.Slice> slices, long total, String type) {
        if (slices == null || slices.size() == 1) {
            contentType(type);
            if (slices == null) {
                return List.of(PartsWriter.Piece.of(new ByteRanges.Slice(0, total)));
            }
            exchange.response().getHeaders().put(HttpHeader.CONTENT_RANGE, contentRange(slices.getFirst(), total));
            return List.of(PartsWriter.Piece.of(slices.getFirst()));
        }
        String boundary = "tiercel-" + Long.toHexString(ThreadLocalRandom.current().nextLong())
                + Long.toHexString(ThreadLocalRandom.current().nextLong());
        exchange.response().getHeaders().put(HttpHeader.CONTENT_TYPE, "multipart/byteranges; boundary=" + boundary);
        List<PartsWriter.Piece> body = new ArrayList<>();
        for (ByteRanges.Slice slice : slices) {
            body.add(new PartsWriter.Piece(ascii("\r\n--" + boundary + "\r\nContent-Type: " + typeOf(type)
                    + "\r\nContent-Range: " + contentRange(slice, total) + "\r\n\r\n"), slice));
        }
        body.add(new PartsWriter.Piece(ascii("\r\n--" + boundary + "--\r\n"), new ByteRanges.Slice(0, 0)));
        return body;
    }

    private static String contentRange(ByteRanges.Slice slice, long total) {
        return "bytes " + slice.from() + '-' + (slice.to() - 1) + '/' + total;
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether the conditions let the object be served; answers where they don't. */
    private boolean isServed(String etag, long lastModifiedMs) {
        Conditions.Verdict verdict = Conditions.judge(exchange.request().getHeaders(), etag, lastModifiedMs);
        if (verdict == Conditions.Verdict.NOT_MODIFIED) {
            exchange.empty(HttpStatus.NOT_MODIFIED_304);
        } else if (verdict == Conditions.Verdict.FAILED) {
            exchange.problem(Problem.of(ErrorCode.PRECONDITION_FAILED,
                    "the object is another version than the condition names: '" + key + "' etag=" + etag));
        }
        return verdict == Conditions.Verdict.SERVE;
    }

    private void requireFile(StatResult stat) {
        if (stat.kind() == EntryKind.FOLDER) {
            throw new TiercelException(ErrorCode.INVALID_KEY, "key is a folder, not an object: '" + key + "'");
        }
    }

    private void describe(String etag, long lastModifiedMs, String cacheStatus) {
        HttpFields.Mutable fields = exchange.response().getHeaders();
        if (isFieldValue(etag)) {
            fields.put(HttpHeader.ETAG, etag);
        }
        if (lastModifiedMs > 0) {
            fields.putDate(HttpHeader.LAST_MODIFIED, lastModifiedMs);
        }
        fields.put(ACCEPT_RANGES);
        fields.put(CACHE_STATUS, cacheStatus);
        fields.put(SANDBOX);
    }

    private void contentType(String contentType) {
        exchange.response().getHeaders().put(HttpHeader.CONTENT_TYPE, typeOf(contentType));
    }

    private static String typeOf(String contentType) {
        return isFieldValue(contentType) ? contentType : NO_TYPE;
    }

    static String cacheStatus(Served served) {
        return switch (served) {
            case HEAP, MAPPED -> HIT;
            case LOADED -> MISS + "; stored";
            case COLLAPSED -> MISS + "; collapsed";
            case STORE -> MISS;
            case STALE -> HIT + "; detail=stale";
            case REVALIDATED -> "tiercel; fwd=stale; fwd-status=304";
        };
    }

    /** Text from a store or from another client, which a header must be able to bear. */
    static boolean isFieldValue(String text) {
        return !text.isBlank() && text.chars().allMatch(c -> c >= ' ' && c < 0x7F);
    }
}
