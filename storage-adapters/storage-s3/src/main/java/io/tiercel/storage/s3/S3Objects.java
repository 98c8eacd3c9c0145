package io.tiercel.storage.s3;

import io.tiercel.storage.CacheRules;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.s3.S3Errors.Refusal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Looks at objects and folders, and says what S3 says of them. Immutable and threadsafe. */
final class S3Objects {
    private final S3Errors errors;
    private final S3Keys keys;

    S3Objects(S3Errors errors, S3Keys keys) {
        this.errors = errors;
        this.keys = keys;
    }

    /** One request. */
    HeadObjectResponse head(S3Client client, StorePath path, @Nullable String ifMatch) throws Refusal {
        HeadObjectRequest request = HeadObjectRequest.builder().bucket(keys.bucket()).key(keys.keyOf(path))
                .ifMatch(ifMatch).build();
        return errors.ask(path, () -> client.headObject(request));
    }

    /** What there is at a path, null for nothing; a folder is nothing. */
    @Nullable
    ObjectInfo find(S3Client client, StorePath path) {
        try {
            return info(path, head(client, path, null));
        } catch (Refusal e) {
            if (e.meaning().kind() == Kind.NOT_FOUND) {
                return null;
            }
            throw e.meaning();
        }
    }

    /**
     * Why there is no object at a path: INVALID_PATH for a folder, which takes one request to know, else what S3 said. If
     * that request fails, what S3 said stands.
     */
    StorageException noObject(S3Client client, StorePath path, Refusal said) {
        if (said.isMissingKey()) {
            try {
                if (isFolder(client, path)) {
                    return errors.of(Kind.INVALID_PATH, path, "it is a folder", said.meaning());
                }
            } catch (StorageException e) {
                said.meaning().addSuppressed(e);
            }
        }
        return said.meaning();
    }

    /** Whether anything lies below a path. One request. */
    boolean isFolder(S3Client client, StorePath path) {
        ListObjectsV2Request request = ListObjectsV2Request.builder().bucket(keys.bucket()).prefix(keys.prefixOf(path))
                .maxKeys(1).build();
        ListObjectsV2Response answer = errors.call(path, () -> client.listObjectsV2(request));
        requireListing(path, answer);
        return answer.hasContents() && !answer.contents().isEmpty();
    }

    /** Refuses what is no listing: to the SDK any document is one, of nothing. */
    void requireListing(StorePath folder, ListObjectsV2Response answer) {
        if (answer.isTruncated() == null) {
            throw errors.of(Kind.UNAVAILABLE, folder, "the answer is no listing");
        }
    }

    ObjectInfo info(StorePath path, HeadObjectResponse answer) {
        return described(path, answer.contentLength(), answer.eTag())
                .lastModifiedMs(secondsOf(answer.lastModified())).contentType(answer.contentType())
                .version(answer.versionId()).userMetadata(MetadataNames.decode(answer.metadata()))
                .cacheRules(rulesOf(answer.sdkHttpResponse())).build();
    }

    /** What an answer without a body says of an object that is still at the ETag that the caller knows. */
    ObjectInfo unchanged(StorePath path, Refusal answer, String known) {
        SdkHttpResponse headers = answer.headers();
        String etag = headers == null ? null : etagOf(headers.firstMatchingHeader("ETag").orElse(null));
        return ObjectInfo.file(path).etag(etag == null ? known : etag)
                .cacheRules(headers == null ? CacheRules.NONE : rulesOf(headers)).build();
    }

    private static CacheRules rulesOf(SdkHttpResponse headers) {
        List<String> control = headers.matchingHeaders("Cache-Control");
        return CacheRules.ofHeaders(control.isEmpty() ? null : String.join(",", control),
                headers.firstMatchingHeader("Age").orElse(null), headers.firstMatchingHeader("Expires").orElse(null),
                headers.firstMatchingHeader("Date").orElse(null));
    }

    ObjectInfo info(StorePath path, GetObjectResponse answer, long length) {
        return described(path, length, answer.eTag()).lastModifiedMs(secondsOf(answer.lastModified()))
                .contentType(answer.contentType()).version(answer.versionId())
                .userMetadata(MetadataNames.decode(answer.metadata())).cacheRules(rulesOf(answer.sdkHttpResponse()))
                .build();
    }

    static ObjectInfo info(StorePath path, S3Object entry) {
        return ObjectInfo.file(path).length(entry.size() == null ? ObjectInfo.UNKNOWN_LENGTH : entry.size())
                .etag(etagOf(entry.eTag())).lastModifiedMs(secondsOf(entry.lastModified())).build();
    }

    /** Without length and ETag it is no answer of S3, whatever its status says: that of a proxy that wants a password, say. */
    private ObjectInfo.Builder described(StorePath path, @Nullable Long length, @Nullable String etag) {
        if (length == null || length < 0 || etag == null) {
            throw errors.of(Kind.UNAVAILABLE, path, "the answer tells no " + (etag == null ? "ETag" : "length"));
        }
        return ObjectInfo.file(path).length(length).etag(etagOf(etag));
    }

    /** With its quotes, which some stores leave out; null for a weak one. */
    static @Nullable String etagOf(@Nullable String said) {
        if (said == null || said.isEmpty() || said.startsWith("W/")) {
            return null;
        }
        return said.startsWith("\"") ? said : '"' + said + '"';
    }

    /** In whole seconds: a header has no more, and a listing must say the same. */
    static long secondsOf(@Nullable Instant time) {
        return time == null ? 0 : time.getEpochSecond() * 1000;
    }
}
