package io.tiercel.storage.s3;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.UnchangedRead;
import io.tiercel.storage.s3.S3Errors.Refusal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Opens objects and ranges: one request, and a look at the object where a range has no bytes. Threadsafe. */
final class S3Reader {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

    private final StorageGuard guard;
    private final S3Errors errors;
    private final S3Keys keys;
    private final S3Objects objects;

    S3Reader(StorageGuard guard, S3Errors errors, S3Keys keys, S3Objects objects) {
        this.guard = guard;
        this.errors = errors;
        this.keys = keys;
        this.objects = objects;
    }

    /** Takes over the use of the client: the read closes it, or this does when there is none. */
    ObjectRead open(S3Session.Use use, StorePath path, ReadOptions options) {
        try {
            return options.length() == 0 ? empty(use, path, options) : body(use, path, options);
        } catch (Refusal e) {
            StorageException meaning = objects.noObject(use.client(), path, e);
            use.close();
            throw meaning;
        } catch (RuntimeException | Error e) {
            use.close();
            throw e;
        }
    }

    private ObjectRead body(S3Session.Use use, StorePath path, ReadOptions options) throws Refusal {
        S3Client client = use.client();
        GetObjectRequest request = GetObjectRequest.builder().bucket(keys.bucket()).key(keys.keyOf(path))
                .range(rangeOf(options)).ifMatch(options.ifMatch()).ifNoneMatch(options.ifNoneMatch()).build();
        ResponseInputStream<GetObjectResponse> body;
        try {
            body = errors.ask(path, () -> client.getObject(request, ResponseTransformer.toInputStream()));
        } catch (Refusal e) {
            String known = options.ifNoneMatch();
            if (e.status() == 304 && known != null) {
                use.close();
                return new UnchangedRead(objects.unchanged(path, e, known));
            }
            if (e.status() == 416 && !options.isWhole()) {
                return empty(use, path, options);
            }
            throw e;
        }
        try {
            return read(use, path, options, body);
        } catch (RuntimeException e) {
            body.abort();
            throw e;
        }
    }

    private ObjectRead read(S3Session.Use use, StorePath path, ReadOptions options,
            ResponseInputStream<GetObjectResponse> body) {
        GetObjectResponse answer = body.response();
        Long said = answer.contentLength();
        if (said == null || said < 0) {
            throw errors.of(Kind.UNAVAILABLE, path, "the answer tells no length");
        }
        long offset = 0;
        long objectLength = said;
        if (!options.isWhole()) {
            Matcher range = CONTENT_RANGE.matcher(answer.contentRange() == null ? "" : answer.contentRange());
            if (!range.matches()) {
                throw errors.of(Kind.UNAVAILABLE, path, "it answered a range with something else");
            }
            offset = Long.parseLong(range.group(1));
            objectLength = Long.parseLong(range.group(3));
            long last = Long.parseLong(range.group(2));
            if (offset != options.offset() || last - offset + 1 != said
                    || said != options.lengthIn(objectLength)) {
                throw errors.of(Kind.UNAVAILABLE, path, "it answered with another range than was asked for");
            }
        }
        ObjectInfo info = objects.info(path, answer, objectLength);
        requireMatch(info, options);
        return new S3Read(guard, errors, use, info, offset, said, body);
    }

    private ObjectRead empty(S3Session.Use use, StorePath path, ReadOptions options) throws Refusal {
        ObjectInfo info = objects.info(path, objects.head(use.client(), path, options.ifMatch()));
        requireMatch(info, options);
        if (options.length() != 0 && options.lengthIn(info.length()) > 0) {
            throw errors.of(Kind.UNAVAILABLE, path, "it refused a range that the object has");
        }
        return new S3Read(guard, errors, use, info, options.beginIn(info.length()), 0, null);
    }

    /** For stores that do not look at the condition themselves. */
    private void requireMatch(ObjectInfo info, ReadOptions options) {
        String ifMatch = options.ifMatch();
        if (ifMatch != null && !ifMatch.equals(info.etag())) {
            throw errors.of(Kind.PRECONDITION_FAILED, info.path(), "it is not at ETag " + ifMatch);
        }
    }

    private static @Nullable String rangeOf(ReadOptions options) {
        if (options.isWhole()) {
            return null;
        }
        boolean open = options.length() == ObjectInfo.UNKNOWN_LENGTH
                || options.length() > Long.MAX_VALUE - options.offset();
        return "bytes=" + options.offset() + "-" + (open ? "" : options.offset() + options.length() - 1);
    }
}
