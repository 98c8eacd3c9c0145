package io.tiercel.storage.s3;

import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.s3.S3Errors.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Removes objects, and all keys below a folder, also those that no path spells: a page is listed, then removed. Threadsafe. */
final class S3Removal {
    private final StorageGuard guard;
    private final S3Errors errors;
    private final S3Keys keys;
    private final S3Objects objects;
    /** Whether the endpoint was found to remove one object a request alone. Only ever set. */
    private volatile boolean oneByOne;

    S3Removal(StorageGuard guard, S3Errors errors, S3Keys keys, S3Objects objects) {
        this.guard = guard;
        this.errors = errors;
        this.keys = keys;
        this.objects = objects;
    }

    void remove(S3Client client, StorePath path, boolean missingIsFine) {
        if (!missingIsFine) {
            // S3 answers the same whether or not there was an object.
            try {
                objects.head(client, path, null);
            } catch (Refusal e) {
                throw objects.noObject(client, path, e);
            }
        }
        try {
            removeKey(client, path, keys.keyOf(path));
        } catch (Refusal e) {
            if (!missingIsFine || e.meaning().kind() != Kind.NOT_FOUND) {
                throw e.meaning();
            }
        }
    }

    long removeTree(S3Client client, StorePath folder) {
        ListObjectsV2Request first = ListObjectsV2Request.builder().bucket(keys.bucket()).prefix(keys.prefixOf(folder))
                .maxKeys(S3Pages.MAX_PAGE).encodingType(EncodingType.URL).build();
        long files = 0;
        boolean any = false;
        @Nullable String token = null;
        do {
            guard.requireOpen(folder);
            @Nullable ListObjectsV2Response page = page(client, folder, first, token, any);
            if (page == null) {
                return 0;
            }
            objects.requireListing(folder, page);
            List<String> found = keysOf(folder, first.prefix(), page);
            any |= !found.isEmpty();
            removeAll(client, folder, found);
            files += found.stream().filter(key -> !S3Keys.isFolder(key)).count();
            token = nextToken(folder, token, page);
        } while (token != null);
        if (!any) {
            refuseFile(client, folder);
        }
        return files;
    }

    private @Nullable ListObjectsV2Response page(S3Client client, StorePath folder, ListObjectsV2Request first,
            @Nullable String token, boolean any) {
        ListObjectsV2Request request = token == null ? first : first.toBuilder().continuationToken(token).build();
        try {
            return errors.ask(folder, () -> client.listObjectsV2(request));
        } catch (Refusal e) {
            if (e.meaning().kind() == Kind.NOT_FOUND && !any) {
                return null;
            }
            throw e.meaning();
        }
    }

    private List<String> keysOf(StorePath folder, String prefix, ListObjectsV2Response page) {
        List<String> found = page.contents().stream().map(S3Object::key).toList();
        for (String key : found) {
            if (!key.startsWith(prefix)) {
                throw errors.of(Kind.UNAVAILABLE, folder, "it lists keys that were not asked for");
            }
        }
        return found;
    }

    private @Nullable String nextToken(StorePath folder, @Nullable String token, ListObjectsV2Response page) {
        if (!Boolean.TRUE.equals(page.isTruncated())) {
            return null;
        }
        String next = page.nextContinuationToken();
        if (next == null || next.isEmpty() || next.equals(token)) {
            throw errors.of(Kind.UNAVAILABLE, folder, "it says that there is more, and not where");
        }
        return next;
    }

    private void removeAll(S3Client client, StorePath folder, List<String> found) {
        if (found.isEmpty()) {
            return;
        }
        if (!oneByOne) {
            try {
                removeTogether(client, folder, found);
                return;
            } catch (Refusal e) {
                if (e.status() != 501 && e.status() != 405 && !e.code().equals("NotImplemented")) {
                    throw e.meaning();
                }
                oneByOne = true;
            }
        }
        for (String key : found) {
            guard.requireOpen(folder);
            try {
                removeKey(client, folder, key);
            } catch (Refusal e) {
                if (e.meaning().kind() != Kind.NOT_FOUND) {
                    throw e.meaning();
                }
            }
        }
    }

    private void removeTogether(S3Client client, StorePath folder, List<String> found) throws Refusal {
        List<ObjectIdentifier> names = found.stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
        DeleteObjectsRequest request = DeleteObjectsRequest.builder().bucket(keys.bucket())
                .delete(delete -> delete.objects(names).quiet(true)).build();
        DeleteObjectsResponse answer = errors.ask(folder, () -> client.deleteObjects(request));
        for (S3Error error : answer.errors()) {
            if (!"NoSuchKey".equals(error.code())) {
                throw ofEntry(folder, error);
            }
        }
    }

    private StorageException ofEntry(StorePath folder, S3Error error) {
        boolean denied = "AccessDenied".equals(error.code());
        return errors.of(denied ? Kind.PERMISSION_DENIED : Kind.UNAVAILABLE, folder, "an object in it stays");
    }

    private void removeKey(S3Client client, StorePath path, String key) throws Refusal {
        DeleteObjectRequest request = DeleteObjectRequest.builder().bucket(keys.bucket()).key(key).build();
        errors.ask(path, () -> client.deleteObject(request));
    }

    /** Nothing lies below: if that is because the path is a file, it is the wrong kind. */
    private void refuseFile(S3Client client, StorePath folder) {
        if (objects.find(client, folder) != null) {
            throw errors.of(Kind.INVALID_PATH, folder, "it is a file");
        }
    }
}
