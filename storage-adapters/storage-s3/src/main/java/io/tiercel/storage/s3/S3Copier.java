package io.tiercel.storage.s3;

import static java.util.Objects.requireNonNull;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteResult;
import io.tiercel.storage.s3.S3Errors.Refusal;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResult;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Copies inside the bucket, the bytes passing through nobody else: with one request up to 5 GiB, in parts beyond, both of the
 * version that was looked at. Threadsafe.
 */
final class S3Copier {
    /** What S3 copies in one request. */
    static final long MOST_AT_ONCE = 5L << 30;
    private static final long PART = 512L << 20;

    private final StorageGuard guard;
    private final S3Errors errors;
    private final S3Keys keys;
    private final S3Objects objects;
    private final S3Writer writer;
    private final boolean conditional;
    private final long mostAtOnce;

    S3Copier(StorageGuard guard, S3Errors errors, S3Keys keys, S3Objects objects, S3Writer writer,
            boolean conditional, long mostAtOnce) {
        this.guard = guard;
        this.errors = errors;
        this.keys = keys;
        this.objects = objects;
        this.writer = writer;
        this.conditional = conditional;
        this.mostAtOnce = mostAtOnce;
    }

    WriteResult copy(S3Client client, StorePath from, StorePath to, boolean overwrite) {
        HeadObjectResponse source;
        try {
            source = objects.head(client, from, null);
        } catch (Refusal e) {
            throw objects.noObject(client, from, e);
        }
        ObjectInfo info = objects.info(from, source);
        if (from.equals(to)) {
            return WriteResult.of(info, false);
        }
        keys.keyOf(to);
        boolean created = objects.find(client, to) == null;
        if (!created && !overwrite) {
            throw errors.of(Kind.ALREADY_EXISTS, to, "");
        }
        WriteCondition condition = overwrite || !conditional ? WriteCondition.NONE : WriteCondition.MISSING;
        try {
            ObjectInfo copied = info.length() > mostAtOnce
                    ? copyParts(client, info, source, to, condition)
                    : copyAtOnce(client, info, to, condition);
            return WriteResult.of(copied, created);
        } catch (Refusal e) {
            throw refused(client, from, to, condition, e);
        }
    }

    private ObjectInfo copyAtOnce(S3Client client, ObjectInfo from, StorePath to, WriteCondition condition)
            throws Refusal {
        CopyObjectRequest request = CopyObjectRequest.builder().sourceBucket(keys.bucket())
                .sourceKey(keys.keyOf(from.path())).destinationBucket(keys.bucket()).destinationKey(keys.keyOf(to))
                .copySourceIfMatch(from.etag()).ifNoneMatch(condition.ifNoneMatch()).build();
        var answer = errors.ask(to, () -> client.copyObject(request));
        CopyObjectResult result = answer.copyObjectResult();
        if (result == null || result.eTag() == null) {
            throw errors.of(Kind.UNAVAILABLE, to, "it answered a copy without saying what it made");
        }
        return from.at(to).etag(S3Objects.etagOf(result.eTag()))
                .lastModifiedMs(S3Objects.secondsOf(result.lastModified())).version(answer.versionId()).build();
    }

    private ObjectInfo copyParts(S3Client client, ObjectInfo from, HeadObjectResponse source, StorePath to,
            WriteCondition condition) throws Refusal {
        String etag = requireNonNull(from.etag(), "S3 gives every object an ETag");
        CreateMultipartUploadRequest request = CreateMultipartUploadRequest.builder().bucket(keys.bucket())
                .key(keys.keyOf(to)).contentType(source.contentType()).contentEncoding(source.contentEncoding())
                .contentLanguage(source.contentLanguage()).contentDisposition(source.contentDisposition())
                .cacheControl(source.cacheControl()).metadata(source.metadata()).build();
        long part = Math.max(Math.min(PART, mostAtOnce), Math.ceilDiv(from.length(), PartSizes.MAX_PARTS));
        try (S3Upload upload = S3Upload.begin(client, errors, to, request)) {
            for (long at = 0; at < from.length(); at += part) {
                guard.requireOpen(to);
                upload.addCopy(keys.keyOf(from.path()), etag, at, Math.min(from.length(), at + part));
            }
            var answer = upload.complete(condition);
            @Nullable ObjectInfo now = objects.find(client, to);
            String made = S3Objects.etagOf(answer.eTag());
            return now != null && now.etag() != null && now.etag().equals(made)
                    ? now
                    : from.at(to).etag(made).lastModifiedMs(0).version(answer.versionId()).build();
        }
    }

    private RuntimeException refused(S3Client client, StorePath from, StorePath to, WriteCondition condition,
            Refusal e) {
        if (e.status() == 412 && condition.isNone()) {
            return errors.of(Kind.UNAVAILABLE, from, "the object changed while it was copied", e.meaning());
        }
        if (e.isMissingKey()) {
            return errors.of(Kind.NOT_FOUND, from, "", e.meaning());
        }
        return writer.refused(client, to, condition, e);
    }
}
