package io.tiercel.storage.http;

import io.tiercel.storage.CacheRules;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.RetryAfter;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.UnchangedRead;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes of an answer what was asked for, or refuses it. Immutable and threadsafe. */
final class Reader {
    /** Bytes that are thrown away at most, where a server gives an object from its begin in place of a range. */
    static final long MAX_SKIPPED = 1024 * 1024;

    private final StorageGuard guard;
    private final HttpErrors errors;

    Reader(StorageGuard guard, HttpErrors errors) {
        this.guard = guard;
        this.errors = errors;
    }

    /** The header lines that ask for a range and a version. */
    static String conditions(ReadOptions options) {
        StringBuilder out = new StringBuilder();
        if (!options.isWhole()) {
            out.append("Range: bytes=").append(options.offset()).append('-');
            if (options.length() >= 0) {
                out.append(lastOf(options));
            }
            out.append("\r\n");
        }
        String etag = options.ifMatch();
        if (etag != null && isStrong(etag)) {
            out.append("If-Match: ").append(etag).append("\r\n");
        }
        String known = options.ifNoneMatch();
        if (known != null && isStrong(known)) {
            out.append("If-None-Match: ").append(known).append("\r\n");
        }
        return out.toString();
    }

    /** The read of an answer, which belongs to it unless this fails. */
    ObjectRead read(StorePath path, ReadOptions options, HttpClient.Answer answer) throws IOException {
        ResponseHead head = answer.head();
        String known = options.ifNoneMatch();
        if (head.status() == 304 && known != null) {
            answer.close();
            String etag = etagOf(head);
            ObjectInfo info = describe(path, head, ObjectInfo.UNKNOWN_LENGTH);
            return new UnchangedRead(etag == null ? info.at(path).etag(known).build() : info);
        }
        if (head.status() != 200 && (head.status() != 206 || options.isWhole())) {
            throw errors.of(path, head);
        }
        requireMatch(path, options, etagOf(head));
        requirePlain(path, head);
        return head.status() == 206 ? part(path, options, answer) : whole(path, options, answer);
    }

    /** What an answer to HEAD, or to a GET of one byte, says of the object. */
    ObjectInfo info(StorePath path, HttpClient.Answer answer) throws IOException {
        ResponseHead head = answer.head();
        if (answer.isFolder()) {
            return ObjectInfo.folder(path).build();
        }
        long length = switch (head.status()) {
            case 200 -> head.isChunked() ? ObjectInfo.UNKNOWN_LENGTH : head.contentLength();
            case 206, 416 -> totalOf(head);
            default -> throw errors.of(path, head);
        };
        requirePlain(path, head);
        return describe(path, head, length);
    }

    /** By the answer to a GET of the first byte. */
    private static long totalOf(ResponseHead head) throws ProtocolException {
        ContentRange range = ContentRange.of(head.header("content-range"));
        if (range == null || (head.status() == 206 ? range.first() != 0 : range.total() != 0)) {
            throw new ProtocolException("the server gives another range than it was asked for");
        }
        return range.total();
    }

    /** Requires the version that was asked for, also of a server that knows no conditions. */
    void requireMatch(StorePath path, ReadOptions options, @Nullable String etag) {
        String wanted = options.ifMatch();
        if (wanted != null && (!isStrong(wanted) || !wanted.equals(etag))) {
            throw errors.of(Kind.PRECONDITION_FAILED, path, "it is not at ETag " + wanted);
        }
    }

    private HttpRead part(StorePath path, ReadOptions options, HttpClient.Answer answer) throws IOException {
        ResponseHead head = answer.head();
        ContentRange range = ContentRange.of(head.header("content-range"));
        if (range == null || range.first() != options.offset() || !isWhatWasAsked(range, options)) {
            throw new ProtocolException("the server gives another range than it was asked for");
        }
        long announced = head.isChunked() ? range.length() : head.contentLength();
        if (announced != range.length()) {
            throw new ProtocolException("the server announces two lengths");
        }
        ObjectInfo info = describe(path, head, range.total() < 0 ? ObjectInfo.UNKNOWN_LENGTH : range.total());
        return HttpRead.of(guard, errors, info, answer.body(), range.first(), range.length(), true);
    }

    /** The last byte is the last one wanted, or the last one there is. */
    private static boolean isWhatWasAsked(ContentRange range, ReadOptions options) {
        boolean isLastWanted = options.length() >= 0 && range.last() == lastOf(options);
        boolean isLastThereIs = range.last() == range.total() - 1;
        return isLastWanted || (isLastThereIs && (options.length() < 0 || range.last() < lastOf(options)));
    }

    private HttpRead whole(StorePath path, ReadOptions options, HttpClient.Answer answer) throws IOException {
        ResponseHead head = answer.head();
        long total = head.isChunked() ? ObjectInfo.UNKNOWN_LENGTH : head.contentLength();
        if (total < 0 && !head.isChunked()) {
            throw new ProtocolException("the server announces neither the length nor the end of the body");
        }
        ObjectInfo info = describe(path, head, total);
        if (options.isWhole()) {
            return total < 0
                    ? HttpRead.ofUnknownLength(guard, errors, info, answer.body(), 0, ObjectInfo.UNKNOWN_LENGTH)
                    : HttpRead.of(guard, errors, info, answer.body(), 0, total, true);
        }
        long begin = total < 0 ? options.offset() : options.beginIn(total);
        if (begin > MAX_SKIPPED && (total < 0 || options.lengthIn(total) > 0)) {
            throw errors.noRanges(path);
        }
        if (total >= 0) {
            long length = options.lengthIn(total);
            if (length == 0) {
                answer.close();
                return HttpRead.empty(guard, errors, info, begin);
            }
            skip(answer.body(), begin);
            return HttpRead.of(guard, errors, info, answer.body(), begin, length, begin + length == total);
        }
        long skipped = skip(answer.body(), begin);
        if (skipped < begin) {
            return HttpRead.empty(guard, errors, describe(path, head, skipped), skipped);
        }
        return HttpRead.ofUnknownLength(guard, errors, info, answer.body(), begin, options.length());
    }

    private static long skip(Body body, long count) throws IOException {
        long skipped = 0;
        while (skipped < count) {
            int more = body.skip(count - skipped);
            if (more < 0) {
                return skipped;
            }
            skipped += more;
        }
        return skipped;
    }

    private void requirePlain(StorePath path, ResponseHead head) {
        if (head.isEncoded()) {
            throw errors.of(Kind.UNAVAILABLE, path, "the server encodes the body, and was asked not to");
        }
    }

    private static ObjectInfo describe(StorePath path, ResponseHead head, long length) {
        Instant changed = RetryAfter.dateOf(head.header("last-modified"));
        return ObjectInfo.file(path).length(length).etag(etagOf(head))
                .lastModifiedMs(changed == null ? 0 : changed.toEpochMilli()).contentType(head.header("content-type"))
                .cacheRules(rulesOf(head)).build();
    }

    private static CacheRules rulesOf(ResponseHead head) {
        return CacheRules.ofHeaders(head.joined("cache-control"), head.header("age"), head.header("expires"),
                head.header("date"));
    }

    private static @Nullable String etagOf(ResponseHead head) {
        String etag = head.header("etag");
        return etag != null && isStrong(etag) ? etag : null;
    }

    private static boolean isStrong(String etag) {
        return etag.length() >= 2 && etag.startsWith("\"") && etag.indexOf('"', 1) == etag.length() - 1
                && etag.chars().allMatch(c -> c > ' ' && c != 0x7F);
    }

    private static long lastOf(ReadOptions options) {
        long last = options.offset() + options.length() - 1;
        return last < options.offset() ? Long.MAX_VALUE : last;
    }
}
