package io.tiercel.storage.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpResponse;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes blobs: what fits one block in one request, the rest block by block and a last request that makes them the blob.
 * Until then they are invisible, and blocks that nothing is made of vanish after a week, or with the next write of their
 * blob. Threadsafe.
 */
final class AzureWriter {
    private static final HttpHeaderName BLOB_TYPE = HttpHeaderName.fromString("x-ms-blob-type");
    private static final HttpHeaderName CONTENT_TYPE = HttpHeaderName.fromString("x-ms-blob-content-type");
    private static final String DEFAULT_TYPE = "application/octet-stream";

    private final StorageGuard guard;
    private final AzureErrors errors;
    private final Container container;
    private final BlobNames names;
    private final AzureReader reader;

    AzureWriter(StorageGuard guard, AzureErrors errors, Container container, BlobNames names, AzureReader reader) {
        this.guard = guard;
        this.errors = errors;
        this.container = container;
        this.names = names;
        this.reader = reader;
    }

    WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        ObjectInfo before = reader.look(path);
        check(path, before, options);
        try (BlockSource blocks = new BlockSource(source, length)) {
            ByteBuffer block = blocks.next();
            HttpResponse answer = blocks.isEnded()
                    ? putWhole(path, block, options)
                    : putBlocks(path, blocks, block, options);
            if (answer.getStatusCode() != 201) {
                throw refusal(path, answer, options);
            }
            ObjectInfo written = BlobInfo.of(path, answer.getHeaders()).length(blocks.taken())
                    .contentType(typeOf(options)).userMetadata(options.userMetadata()).build();
            return WriteResult.of(written, before == null);
        }
    }

    /** Refuses what is known beforehand, so that the source is left alone. */
    void check(StorePath path, @Nullable ObjectInfo before, WriteOptions options) {
        if (before != null) {
            reader.requireFile(before);
        }
        if (options.ifMatch() != null && (before == null || !options.ifMatch().equals(before.etag()))) {
            throw errors.of(Kind.PRECONDITION_FAILED, path, "it is not at ETag " + options.ifMatch());
        }
        if (before != null && !options.overwrite()) {
            throw errors.of(Kind.ALREADY_EXISTS, path, "");
        }
    }

    private HttpResponse putWhole(StorePath path, ByteBuffer bytes, WriteOptions options) {
        guard.requireOpen(path);
        HttpHeaders headers = headersOf(options);
        headers.set(BLOB_TYPE, "BlockBlob");
        return container.put(path, names.nameOf(path), "", headers, bytes);
    }

    private HttpResponse putBlocks(StorePath path, BlockSource blocks, ByteBuffer first, WriteOptions options) {
        String name = names.nameOf(path);
        String writer = UUID.randomUUID().toString();
        List<String> ids = new ArrayList<>();
        ByteBuffer block = first;
        while (true) {
            if (ids.size() == BlockSource.MAX_BLOCKS) {
                throw errors.of(Kind.UNAVAILABLE, path, "it is too long for a blob");
            }
            guard.requireOpen(path);
            String id = idOf(writer, ids.size());
            HttpResponse answer = container.put(path, name, "?comp=block&blockid=" + BlobNames.escape(id).replace("/",
                    "%2F"),
                    new HttpHeaders(), block);
            if (answer.getStatusCode() != 201) {
                throw errors.of(path, answer);
            }
            ids.add(id);
            if (blocks.isEnded()) {
                guard.requireOpen(path);
                return container.put(path, name, "?comp=blocklist", headersOf(options), listOf(ids));
            }
            block = blocks.next();
        }
    }

    /** All of one length, as Azure wants them, and nobody else's. */
    private static String idOf(String writer, int index) {
        String id = String.format("%s-%05d", writer, index);
        return Base64.getEncoder().encodeToString(id.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer listOf(List<String> ids) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        ids.forEach(id -> xml.append("<Latest>").append(id).append("</Latest>"));
        return ByteBuffer.wrap(xml.append("</BlockList>").toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static HttpHeaders headersOf(WriteOptions options) {
        HttpHeaders headers = conditionsOf(options);
        headers.set(CONTENT_TYPE, typeOf(options));
        BlobMetadata.put(options.userMetadata(), headers);
        return headers;
    }

    static HttpHeaders conditionsOf(WriteOptions options) {
        HttpHeaders headers = new HttpHeaders();
        String ifMatch = options.ifMatch();
        if (ifMatch != null) {
            headers.set(HttpHeaderName.IF_MATCH, ifMatch);
        } else if (!options.overwrite()) {
            headers.set(HttpHeaderName.IF_NONE_MATCH, "*");
        }
        return headers;
    }

    private static String typeOf(WriteOptions options) {
        String type = options.contentType();
        return type == null ? DEFAULT_TYPE : type;
    }

    /** Somebody else may have written meanwhile: that is what the options guard against, whatever Azure calls it. */
    StorageException refusal(StorePath path, HttpResponse answer, WriteOptions options) {
        StorageException first = errors.of(path, answer);
        boolean overtaken = AzureErrors.codeOf(answer).equals("InvalidBlockList");
        if (overtaken) {
            try {
                check(path, reader.look(path), options);
            } catch (StorageException e) {
                return e;
            }
            return errors.of(Kind.UNAVAILABLE, path, "another write of it ended meanwhile");
        }
        boolean guarded = first.kind() == Kind.PRECONDITION_FAILED || first.kind() == Kind.ALREADY_EXISTS;
        if (guarded && options.ifMatch() != null) {
            return errors.of(Kind.PRECONDITION_FAILED, path, "it is not at ETag " + options.ifMatch());
        }
        if (guarded && !options.overwrite()) {
            return errors.of(Kind.ALREADY_EXISTS, path, "");
        }
        return first;
    }
}
