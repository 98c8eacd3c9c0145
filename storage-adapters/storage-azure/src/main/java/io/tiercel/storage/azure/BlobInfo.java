package io.tiercel.storage.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobItemProperties;
import io.tiercel.storage.CacheRules;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorePath;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** What Azure says of a blob, as the headers of an answer or the entry of a listing. Stateless. */
final class BlobInfo {
    private static final HttpHeaderName VERSION = HttpHeaderName.fromString("x-ms-version-id");

    private BlobInfo() {}

    /** A file of unknown length, or the folder that the blob stands for. */
    static ObjectInfo.Builder of(StorePath path, HttpHeaders headers) {
        long modifiedMs = modifiedMs(headers.getValue(HttpHeaderName.LAST_MODIFIED));
        if (BlobMetadata.isFolder(headers)) {
            return ObjectInfo.folder(path).lastModifiedMs(modifiedMs);
        }
        return ObjectInfo.file(path).etag(etag(headers.getValue(HttpHeaderName.ETAG))).lastModifiedMs(modifiedMs)
                .contentType(headers.getValue(HttpHeaderName.CONTENT_TYPE)).version(headers.getValue(VERSION))
                .userMetadata(BlobMetadata.of(headers)).cacheRules(rulesOf(headers));
    }

    /** What an answer without a body says of a blob that is still at the ETag that the caller knows. */
    static ObjectInfo unchanged(StorePath path, HttpHeaders headers, String known) {
        String etag = etag(headers.getValue(HttpHeaderName.ETAG));
        return ObjectInfo.file(path).etag(etag == null || etag.isEmpty() ? known : etag).cacheRules(rulesOf(headers))
                .build();
    }

    private static CacheRules rulesOf(HttpHeaders headers) {
        return CacheRules.ofHeaders(headers.getValue(HttpHeaderName.CACHE_CONTROL),
                headers.getValue(HttpHeaderName.AGE), headers.getValue(HttpHeaderName.EXPIRES),
                headers.getValue(HttpHeaderName.DATE));
    }

    static ObjectInfo of(StorePath path, BlobItem item) {
        BlobItemProperties properties = item.getProperties();
        Long length = properties.getContentLength();
        var modified = properties.getLastModified();
        return ObjectInfo.file(path).length(length == null ? ObjectInfo.UNKNOWN_LENGTH : length)
                .etag(etag(properties.getETag()))
                .lastModifiedMs(modified == null ? 0 : modified.toInstant().toEpochMilli())
                .contentType(properties.getContentType()).build();
    }

    /** With its quotes, which listings leave out. */
    private static @Nullable String etag(@Nullable String value) {
        return value == null || value.isEmpty() || value.startsWith("\"") ? value : '"' + value + '"';
    }

    private static long modifiedMs(@Nullable String value) {
        try {
            return value == null
                    ? 0
                    : ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            return 0;
        }
    }
}
