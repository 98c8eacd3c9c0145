package io.tiercel.storage.s3;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.flat.KeyPages;
import io.tiercel.storage.s3.S3Errors.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The keys below a folder, a request a page; its folders come from S3 where only the folder's own entries are asked for. Keys
 * that no path spells are left out. Not threadsafe.
 */
final class S3Pages implements KeyPages {
    /** As many as S3 gives at a time. */
    static final int MAX_PAGE = 1000;

    private final S3Session session;
    private final S3Errors errors;
    private final S3Keys keys;
    private final S3Objects objects;
    private final StorePath folder;
    private final ListObjectsV2Request first;
    private @Nullable String token;
    private boolean begun;
    private boolean ended;

    S3Pages(S3Session session, S3Errors errors, S3Keys keys, S3Objects objects, StorePath folder,
            ListOptions options) {
        this.session = session;
        this.errors = errors;
        this.keys = keys;
        this.objects = objects;
        this.folder = folder;
        this.first = ListObjectsV2Request.builder().bucket(keys.bucket()).prefix(keys.prefixOf(folder))
                .delimiter(options.depth() == 0 ? "/" : null).maxKeys(Math.min(MAX_PAGE, options.pageSize()))
                .encodingType(EncodingType.URL).build();
    }

    @Override
    public List<ObjectInfo> next() {
        List<ObjectInfo> page = List.of();
        // A page may hold nothing to show and still not be the last.
        while (page.isEmpty() && !ended) {
            page = ask();
        }
        return page;
    }

    private List<ObjectInfo> ask() {
        ListObjectsV2Request request = token == null ? first : first.toBuilder().continuationToken(token).build();
        ListObjectsV2Response answer;
        try (S3Session.Use use = session.enter(folder)) {
            answer = errors.ask(folder, () -> use.client().listObjectsV2(request));
        } catch (Refusal e) {
            if (e.meaning().kind() != Kind.NOT_FOUND) {
                throw e.meaning();
            }
            if (begun) {
                throw errors.of(Kind.UNAVAILABLE, folder, "the bucket went missing while it was listed", e.meaning());
            }
            ended = true;
            return List.of();
        }
        objects.requireListing(folder, answer);
        begun = true;
        goOnAfter(answer);
        return entries(answer);
    }

    private void goOnAfter(ListObjectsV2Response answer) {
        if (!Boolean.TRUE.equals(answer.isTruncated())) {
            ended = true;
            return;
        }
        String next = answer.nextContinuationToken();
        if (next == null || next.isEmpty() || next.equals(token)) {
            throw errors.of(Kind.UNAVAILABLE, folder, "it says that there is more, and not where");
        }
        token = next;
    }

    private List<ObjectInfo> entries(ListObjectsV2Response answer) {
        List<S3Object> contents = answer.contents();
        List<CommonPrefix> folders = answer.commonPrefixes();
        List<ObjectInfo> entries = new ArrayList<>(contents.size() + folders.size());
        for (S3Object object : contents) {
            String key = object.key();
            requireBelow(key);
            StorePath path = keys.pathOf(key);
            if (path != null) {
                entries.add(S3Keys.isFolder(key) ? ObjectInfo.folder(path).build() : S3Objects.info(path, object));
            }
        }
        for (CommonPrefix below : folders) {
            requireBelow(below.prefix());
            StorePath path = keys.pathOf(below.prefix());
            if (path != null) {
                entries.add(ObjectInfo.folder(path).build());
            }
        }
        return entries;
    }

    private void requireBelow(@Nullable String key) {
        if (key == null || !key.startsWith(first.prefix())) {
            throw errors.of(Kind.UNAVAILABLE, folder, "it lists keys that were not asked for");
        }
    }

    @Override
    public void close() {
        ended = true;
    }
}
