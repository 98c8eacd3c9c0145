package io.tiercel.storage.s3;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import io.tiercel.storage.s3.S3Errors.Refusal;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Writes whole objects or nothing: what fits a part with one PUT, anything longer as an upload of parts. Nothing is sent
 * before the source has given the first part. Threadsafe.
 *
 * <p>A look before tells whether there is an object; the condition on the PUT itself decides, against any other writer. A look
 * after tells the time that S3 gave the object, which the answer to a PUT does not.
 */
final class S3Writer {
    private final StorageGuard guard;
    private final S3Errors errors;
    private final S3Keys keys;
    private final S3Objects objects;
    private final boolean conditional;

    /** @param conditional whether the endpoint takes conditions on writes. */
    S3Writer(StorageGuard guard, S3Errors errors, S3Keys keys, S3Objects objects, boolean conditional) {
        this.guard = guard;
        this.errors = errors;
        this.keys = keys;
        this.objects = objects;
        this.conditional = conditional;
    }

    WriteResult write(S3Client client, StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        if (options.ifMatch() != null && !conditional) {
            throw errors.lacking(Capability.CONDITIONAL, path, "conditionalWrites=false");
        }
        keys.keyOf(path);
        boolean created = checkTarget(client, path, options) == null;
        PartSource parts = new PartSource(source, length, index -> PartSizes.sizeOf(length, index));
        try (parts) {
            ByteBuffer first = parts.next(0);
            guard.requireOpen(path);
            if (!conditional && !options.overwrite()) {
                checkTarget(client, path, options);
            }
            ObjectInfo written = parts.isEnded()
                    ? put(client, path, first, options)
                    : upload(client, path, first, parts, options);
            return WriteResult.of(described(client, written), created);
        }
    }

    private ObjectInfo put(S3Client client, StorePath path, ByteBuffer bytes, WriteOptions options) {
        WriteCondition condition = conditionOf(options);
        PutObjectRequest request = PutObjectRequest.builder().bucket(keys.bucket()).key(keys.keyOf(path))
                .contentType(options.contentType()).metadata(metadataOf(options)).ifMatch(condition.ifMatch())
                .ifNoneMatch(condition.ifNoneMatch()).build();
        try {
            PutObjectResponse answer = errors.ask(path, () -> client.putObject(request, BufferBody.of(bytes)));
            return ObjectInfo.file(path).length(bytes.remaining()).etag(S3Objects.etagOf(answer.eTag()))
                    .version(answer.versionId()).contentType(options.contentType())
                    .userMetadata(options.userMetadata()).build();
        } catch (Refusal e) {
            throw refused(client, path, condition, e);
        }
    }

    private ObjectInfo upload(S3Client client, StorePath path, ByteBuffer first, PartSource parts,
            WriteOptions options) {
        CreateMultipartUploadRequest request = CreateMultipartUploadRequest.builder().bucket(keys.bucket())
                .key(keys.keyOf(path)).contentType(options.contentType()).metadata(metadataOf(options)).build();
        WriteCondition condition = conditionOf(options);
        try (S3Upload upload = S3Upload.begin(client, errors, path, request)) {
            upload.add(first);
            for (int index = 1; !parts.isEnded(); index++) {
                ByteBuffer part = parts.next(index);
                guard.requireOpen(path);
                upload.add(part);
            }
            if (!conditional && !options.overwrite()) {
                checkTarget(client, path, options);
            }
            var answer = upload.complete(condition);
            return ObjectInfo.file(path).length(parts.count()).etag(S3Objects.etagOf(answer.eTag()))
                    .version(answer.versionId()).contentType(options.contentType())
                    .userMetadata(options.userMetadata()).build();
        } catch (Refusal e) {
            throw refused(client, path, condition, e);
        }
    }

    /** What is there now, null if nothing; refuses what must not be written to. Where we may not look, the write tells. */
    private @Nullable ObjectInfo checkTarget(S3Client client, StorePath path, WriteOptions options) {
        ObjectInfo now;
        try {
            now = objects.find(client, path);
        } catch (StorageException e) {
            if (e.kind() == Kind.PERMISSION_DENIED && (conditional || options.overwrite())) {
                return null;
            }
            throw e;
        }
        String ifMatch = options.ifMatch();
        if (ifMatch != null && (now == null || !ifMatch.equals(now.etag()))) {
            throw errors.of(Kind.PRECONDITION_FAILED, path, "it is not at ETag " + ifMatch);
        }
        if (now != null && !options.overwrite()) {
            throw errors.of(Kind.ALREADY_EXISTS, path, "");
        }
        return now;
    }

    private WriteCondition conditionOf(WriteOptions options) {
        String ifMatch = options.ifMatch();
        if (ifMatch != null) {
            return WriteCondition.matching(ifMatch);
        }
        return options.overwrite() || !conditional ? WriteCondition.NONE : WriteCondition.MISSING;
    }

    /** What a refusal of a write under a condition means. */
    StorageException refused(S3Client client, StorePath path, WriteCondition condition, Refusal e) {
        if (condition.isNone()) {
            return e.meaning();
        }
        if (e.status() == 501 || e.code().equals("NotImplemented")) {
            return errors.lacking(Capability.CONDITIONAL, path,
                    "the endpoint takes no conditions on writes (conditionalWrites=false does without)");
        }
        boolean conflict = e.status() == 409 && e.code().equals("ConditionalRequestConflict");
        String etag = condition.ifMatch();
        if (etag != null) {
            boolean other = conflict && !isAt(client, path, etag);
            return e.status() == 412 || other || e.isMissingKey()
                    ? errors.of(Kind.PRECONDITION_FAILED, path, "it is not at ETag " + etag, e.meaning())
                    : e.meaning();
        }
        boolean there = conflict && objects.find(client, path) != null;
        return e.status() == 412 || there ? errors.of(Kind.ALREADY_EXISTS, path, "", e.meaning()) : e.meaning();
    }

    private boolean isAt(S3Client client, StorePath path, String etag) {
        ObjectInfo now = objects.find(client, path);
        return now != null && etag.equals(now.etag());
    }

    /** With all that a look at the object tells, if it is still this one; the write has happened, whatever the look does. */
    private ObjectInfo described(S3Client client, ObjectInfo written) {
        try {
            ObjectInfo now = objects.find(client, written.path());
            return now != null && now.etag() != null && now.etag().equals(written.etag()) ? now : written;
        } catch (StorageException e) {
            return written;
        }
    }

    private static Map<String, String> metadataOf(WriteOptions options) {
        return MetadataNames.encode(options.userMetadata());
    }
}
