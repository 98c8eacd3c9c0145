package io.tiercel.storage.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpResponse;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorageGuard;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.UnchangedRead;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Opens blobs and looks at them. Threadsafe. */
final class AzureReader {
    private static final HttpHeaderName RANGE = HttpHeaderName.fromString("x-ms-range");
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

    private final StorageGuard guard;
    private final AzureErrors errors;
    private final Container container;
    private final BlobNames names;

    AzureReader(StorageGuard guard, AzureErrors errors, Container container, BlobNames names) {
        this.guard = guard;
        this.errors = errors;
        this.container = container;
        this.names = names;
    }

    ObjectRead open(StorePath path, ReadOptions options) {
        if (options.length() == 0) {
            return openNothing(path, options);
        }
        HttpHeaders headers = conditionsOf(options);
        String known = options.ifNoneMatch();
        if (known != null) {
            headers.set(HttpHeaderName.IF_NONE_MATCH, known);
        }
        if (!options.isWhole()) {
            String last = options.length() == ObjectInfo.UNKNOWN_LENGTH
                    ? ""
                    : Long.toString(lastOf(options.offset(), options.length()));
            headers.set(RANGE, "bytes=" + options.offset() + "-" + last);
        }
        SocketResponse answer = container.get(path, names.nameOf(path), headers);
        try {
            int status = answer.getStatusCode();
            if (status == 200 || status == 206) {
                return begin(path, options, answer);
            }
            answer.close();
            if (status == 304 && known != null) {
                return new UnchangedRead(BlobInfo.unchanged(path, answer.getHeaders(), known));
            }
            if (status == 416) {
                return openNothing(path, options);
            }
            throw refusal(path, answer);
        } catch (IOException e) {
            answer.close();
            throw errors.of(path, e);
        } catch (RuntimeException e) {
            answer.close();
            throw e;
        }
    }

    private static long lastOf(long offset, long length) {
        return offset > Long.MAX_VALUE - length ? Long.MAX_VALUE : offset + length - 1;
    }

    private ObjectRead begin(StorePath path, ReadOptions options, SocketResponse answer) throws IOException {
        HttpHeaders headers = answer.getHeaders();
        long given = AzureErrors.number(headers.getValue(HttpHeaderName.CONTENT_LENGTH));
        long offset = 0;
        long whole = given;
        if (answer.getStatusCode() == 206) {
            Matcher range = CONTENT_RANGE.matcher(String.valueOf(headers.getValue(HttpHeaderName.CONTENT_RANGE)));
            if (!range.matches()) {
                throw senseless(path);
            }
            offset = Long.parseLong(range.group(1));
            whole = Long.parseLong(range.group(3));
        }
        boolean wanted = answer.getStatusCode() == 206 || options.isWhole();
        if (!wanted || given < 0 || offset != options.beginIn(whole) || given != options.lengthIn(whole)) {
            throw senseless(path);
        }
        ObjectInfo info = requireFile(BlobInfo.of(path, headers).length(whole).build());
        if (options.ifMatch() != null && !options.ifMatch().equals(info.etag())) {
            throw senseless(path);
        }
        return new AzureRead(guard, errors, info, answer, offset, given);
    }

    private StorageException senseless(StorePath path) {
        return errors.of(Kind.UNAVAILABLE, path, "the store's answer is not what was asked for");
    }

    /** Of a range behind the end, which Azure refuses: one look tells where the end is. */
    private ObjectRead openNothing(StorePath path, ReadOptions options) {
        HttpResponse answer = container.head(path, names.nameOf(path), conditionsOf(options));
        if (answer.getStatusCode() != 200) {
            throw refusal(path, answer);
        }
        ObjectInfo info = requireFile(infoOf(path, answer));
        if (options.lengthIn(info.length()) != 0) {
            throw errors.of(Kind.UNAVAILABLE, path, "it changed while it was opened");
        }
        try {
            return new AzureRead(guard, errors, info, null, options.beginIn(info.length()), 0);
        } catch (IOException e) {
            throw errors.of(path, e);
        }
    }

    private static HttpHeaders conditionsOf(ReadOptions options) {
        HttpHeaders headers = new HttpHeaders();
        String ifMatch = options.ifMatch();
        if (ifMatch != null) {
            headers.set(HttpHeaderName.IF_MATCH, ifMatch);
        }
        return headers;
    }

    ObjectInfo info(StorePath path) {
        ObjectInfo info = look(path);
        if (info != null) {
            return info;
        }
        if (hasEntries(path)) {
            return ObjectInfo.folder(path).build();
        }
        throw errors.of(Kind.NOT_FOUND, path, "");
    }

    /** The blob of a path, or the folder that it stands for; null without one. */
    @Nullable
    ObjectInfo look(StorePath path) {
        HttpResponse answer = container.head(path, names.nameOf(path), new HttpHeaders());
        if (answer.getStatusCode() == 200) {
            return infoOf(path, answer);
        }
        StorageException refusal = errors.of(path, answer);
        if (refusal.kind() == Kind.NOT_FOUND) {
            return null;
        }
        throw refusal;
    }

    /** Refuses a path without a blob: for a folder, or for nothing. */
    StorageException missing(StorePath path) {
        return explained(path, errors.of(Kind.NOT_FOUND, path, ""));
    }

    /** The failure that an answer is; one more request tells a folder from nothing, and its failure changes nothing. */
    StorageException refusal(StorePath path, HttpResponse answer) {
        return explained(path, errors.of(path, answer));
    }

    private StorageException explained(StorePath path, StorageException first) {
        try {
            if (first.kind() == Kind.PRECONDITION_FAILED) {
                // What is missing is at no ETag either, as the store has it.
                return look(path) == null ? missing(path) : first;
            }
            if (first.kind() != Kind.NOT_FOUND) {
                return first;
            }
            return hasEntries(path) ? errors.of(Kind.INVALID_PATH, path, "it is a folder") : first;
        } catch (StorageException e) {
            first.addSuppressed(e);
            return first;
        }
    }

    /** Whether any blob is named as one in this folder. */
    private boolean hasEntries(StorePath folder) {
        try (BlobPages pages = new BlobPages(container, errors, names, folder, false, 1)) {
            boolean found = false;
            while (!found && !pages.isEnded()) {
                found = !pages.ask().isEmpty();
            }
            return found;
        }
    }

    ObjectInfo requireFile(ObjectInfo info) {
        if (info.isFolder()) {
            throw errors.of(Kind.INVALID_PATH, info.path(), "it is a folder");
        }
        return info;
    }

    private ObjectInfo infoOf(StorePath path, HttpResponse answer) {
        ObjectInfo.Builder info = BlobInfo.of(path, answer.getHeaders());
        long length = AzureErrors.number(answer.getHeaders().getValue(HttpHeaderName.CONTENT_LENGTH));
        if (length < 0) {
            throw senseless(path);
        }
        return BlobMetadata.isFolder(answer.getHeaders()) ? info.build() : info.length(length).build();
    }
}
