package io.tiercel.storage.s3;

import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.s3.S3Errors.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * An object being made of parts, which nobody sees before it is complete. Closing one that is not complete removes its parts,
 * also when the thread was interrupted or the store closed. Not threadsafe.
 */
final class S3Upload implements AutoCloseable {
    private final S3Client client;
    private final S3Errors errors;
    private final StorePath path;
    private final String bucket;
    private final String key;
    private final String id;
    private final List<CompletedPart> parts = new ArrayList<>();
    private boolean completed;

    private S3Upload(S3Client client, S3Errors errors, StorePath path, String bucket, String key, String id) {
        this.client = client;
        this.errors = errors;
        this.path = path;
        this.bucket = bucket;
        this.key = key;
        this.id = id;
    }

    static S3Upload begin(S3Client client, S3Errors errors, StorePath path, CreateMultipartUploadRequest request) {
        String id = errors.call(path, () -> client.createMultipartUpload(request)).uploadId();
        if (id == null || id.isEmpty()) {
            throw errors.of(StorageException.Kind.UNAVAILABLE, path, "it began an upload without a name");
        }
        return new S3Upload(client, errors, path, request.bucket(), request.key(), id);
    }

    void add(ByteBuffer bytes) {
        int number = parts.size() + 1;
        UploadPartRequest request = UploadPartRequest.builder().bucket(bucket).key(key).uploadId(id).partNumber(number)
                .build();
        String etag = ofUpload(() -> client.uploadPart(request, BufferBody.of(bytes)).eTag());
        parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
    }

    /** A part that S3 takes from another object of the bucket, of one version. */
    void addCopy(String sourceKey, String sourceEtag, long from, long end) {
        int number = parts.size() + 1;
        UploadPartCopyRequest request = UploadPartCopyRequest.builder().destinationBucket(bucket).destinationKey(key)
                .sourceBucket(bucket).sourceKey(sourceKey).copySourceIfMatch(sourceEtag)
                .copySourceRange("bytes=" + from + "-" + (end - 1)).uploadId(id).partNumber(number).build();
        String etag = ofUpload(() -> client.uploadPartCopy(request).copyPartResult().eTag());
        parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
    }

    CompleteMultipartUploadResponse complete(WriteCondition condition) throws Refusal {
        CompleteMultipartUploadRequest request = CompleteMultipartUploadRequest.builder().bucket(bucket).key(key)
                .uploadId(id).ifMatch(condition.ifMatch()).ifNoneMatch(condition.ifNoneMatch())
                .multipartUpload(upload -> upload.parts(parts)).build();
        CompleteMultipartUploadResponse answer = errors.ask(path, () -> client.completeMultipartUpload(request));
        completed = true;
        return answer;
    }

    /** That an upload is gone says nothing about the object. */
    private String ofUpload(java.util.function.Supplier<String> request) {
        try {
            return errors.ask(path, request);
        } catch (Refusal e) {
            if (e.code().equals("NoSuchUpload")) {
                throw errors.of(StorageException.Kind.UNAVAILABLE, path, "the upload was ended by somebody else", e);
            }
            throw e.meaning();
        }
    }

    @Override
    public void close() {
        if (completed) {
            return;
        }
        // The SDK asks nothing for an interrupted thread, and the parts would stay, unseen and paid for.
        boolean interrupted = Thread.interrupted();
        try {
            client.abortMultipartUpload(
                    AbortMultipartUploadRequest.builder().bucket(bucket).key(key).uploadId(id).build());
        } catch (RuntimeException e) {
            // What made the write fail is the news; a rule of the bucket removes what could not be removed here.
            return;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
