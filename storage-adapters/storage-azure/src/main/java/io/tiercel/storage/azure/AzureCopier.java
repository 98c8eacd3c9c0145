package io.tiercel.storage.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpResponse;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Copies inside the account, and moves as a copy and a removal. Azure ends such a copy with its answer; one that it calls
 * pending is looked at until it ends, or ended and removed when that takes too long. Threadsafe.
 */
final class AzureCopier {
    private static final HttpHeaderName SOURCE = HttpHeaderName.fromString("x-ms-copy-source");
    private static final HttpHeaderName SOURCE_IF_MATCH = HttpHeaderName.fromString("x-ms-source-if-match");
    private static final HttpHeaderName STATUS = HttpHeaderName.fromString("x-ms-copy-status");
    private static final HttpHeaderName COPY_ID = HttpHeaderName.fromString("x-ms-copy-id");
    private static final HttpHeaderName ACTION = HttpHeaderName.fromString("x-ms-copy-action");
    private static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    private final AzureErrors errors;
    private final Container container;
    private final BlobNames names;
    private final AzureReader reader;
    private final AzureWriter writer;
    private final long patienceNs;

    /** @param patienceMs how long a pending copy is waited for. */
    AzureCopier(AzureErrors errors, Container container, BlobNames names, AzureReader reader, AzureWriter writer,
            long patienceMs) {
        this.errors = errors;
        this.container = container;
        this.names = names;
        this.reader = reader;
        this.writer = writer;
        this.patienceNs = TimeUnit.MILLISECONDS.toNanos(patienceMs);
    }

    WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        return copy(source(from), to, overwrite);
    }

    WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        ObjectInfo source = source(from);
        WriteResult result = copy(source, to, overwrite);
        if (!from.equals(to)) {
            remove(source);
        }
        return result;
    }

    private ObjectInfo source(StorePath from) {
        ObjectInfo source = reader.look(from);
        if (source == null) {
            throw reader.missing(from);
        }
        return reader.requireFile(source);
    }

    private WriteResult copy(ObjectInfo source, StorePath to, boolean overwrite) {
        if (source.path().equals(to)) {
            return WriteResult.of(source, false);
        }
        WriteOptions options = WriteOptions.CREATE.overwrite(overwrite);
        ObjectInfo before = reader.look(to);
        writer.check(to, before, options);
        HttpHeaders headers = AzureWriter.conditionsOf(options);
        headers.set(SOURCE, container.urlOf(names.nameOf(source.path())));
        headers.set(SOURCE_IF_MATCH, String.valueOf(source.etag()));
        HttpResponse answer = container.put(to, names.nameOf(to), "", headers, null);
        if (answer.getStatusCode() != 202) {
            throw refusal(source.path(), to, answer, options);
        }
        String copyId = String.valueOf(answer.getHeaders().getValue(COPY_ID));
        HttpHeaders copied = await(to, answer, copyId);
        ObjectInfo.Builder info = source.at(to);
        ObjectInfo written = BlobInfo.of(to, copied).build();
        return WriteResult.of(info.etag(written.etag()).lastModifiedMs(written.lastModifiedMs())
                .version(written.version()).build(), before == null);
    }

    private StorageException refusal(StorePath from, StorePath to, HttpResponse answer, WriteOptions options) {
        String code = AzureErrors.codeOf(answer);
        if (code.equals("SourceConditionNotMet")) {
            return errors.of(Kind.UNAVAILABLE, from, "it changed while it was copied");
        }
        if (code.equals("CannotVerifyCopySource") || answer.getStatusCode() == 404) {
            return errors.of(from, answer);
        }
        return writer.refusal(to, answer, options);
    }

    /** The head of the answer that says that the copy is done. */
    private HttpHeaders await(StorePath to, HttpResponse first, String copyId) {
        HttpResponse answer = first;
        long deadlineNs = System.nanoTime() + patienceNs;
        long pauseNs = FIRST_PAUSE_NS;
        while ("pending".equals(answer.getHeaders().getValue(STATUS))) {
            if (System.nanoTime() - deadlineNs >= 0 || Thread.currentThread().isInterrupted()) {
                throw abandon(to, copyId);
            }
            LockSupport.parkNanos(pauseNs);
            pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
            answer = container.head(to, names.nameOf(to), new HttpHeaders());
            if (answer.getStatusCode() != 200 || !copyId.equals(answer.getHeaders().getValue(COPY_ID))) {
                throw errors.of(Kind.UNAVAILABLE, to, "somebody else wrote it while it was copied");
            }
        }
        if (!"success".equals(answer.getHeaders().getValue(STATUS))) {
            throw errors.of(Kind.UNAVAILABLE, to, "the copy failed");
        }
        return answer.getHeaders();
    }

    /** Ends a copy, which leaves an empty blob behind: that goes, too. */
    private StorageException abandon(StorePath to, String copyId) {
        StorageException late = errors.of(Kind.UNAVAILABLE, to, "the copy did not end in time");
        boolean interrupted = Thread.interrupted();
        try {
            HttpHeaders abort = new HttpHeaders().set(ACTION, "abort");
            container.put(to, names.nameOf(to), "?comp=copy&copyid=" + BlobNames.escape(copyId), abort, null);
            container.delete(to, names.nameOf(to), new HttpHeaders());
        } catch (StorageException e) {
            late.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return late;
    }

    private void remove(ObjectInfo source) {
        HttpHeaders conditions = new HttpHeaders().set(HttpHeaderName.IF_MATCH, String.valueOf(source.etag()));
        HttpResponse answer = container.delete(source.path(), names.nameOf(source.path()), conditions);
        if (answer.getStatusCode() == 412) {
            throw errors.of(Kind.UNAVAILABLE, source.path(), "it changed while it was moved, and is at both paths");
        }
        if (answer.getStatusCode() != 202 && answer.getStatusCode() != 404) {
            throw errors.of(source.path(), answer);
        }
    }
}
