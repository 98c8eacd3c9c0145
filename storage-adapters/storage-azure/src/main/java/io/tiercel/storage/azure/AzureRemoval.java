package io.tiercel.storage.azure;

import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpResponse;
import com.azure.storage.blob.models.BlobItem;
import io.tiercel.storage.Batch;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Removes blobs, one or a folder of them. Threadsafe. */
final class AzureRemoval {
    /** Requests at a time: enough to hide the way to Azure and back, few enough to leave connections to others. */
    private static final int WINDOW = 16;
    private static final int PAGE = 1000;

    private final AzureErrors errors;
    private final Container container;
    private final BlobNames names;
    private final AzureReader reader;

    AzureRemoval(AzureErrors errors, Container container, BlobNames names, AzureReader reader) {
        this.errors = errors;
        this.container = container;
        this.names = names;
        this.reader = reader;
    }

    void remove(StorePath path, boolean missingIsFine) {
        HttpResponse answer = container.delete(path, names.nameOf(path), new HttpHeaders());
        if (answer.getStatusCode() == 202) {
            return;
        }
        StorageException failure = errors.of(path, answer);
        if (failure.kind() != Kind.NOT_FOUND) {
            throw failure;
        }
        if (!missingIsFine) {
            throw reader.refusal(path, answer);
        }
    }

    /** How many files went. The blobs that stand for folders go last, those in them before them. */
    long removeTree(StorePath folder) {
        ObjectInfo itself = reader.look(folder);
        if (itself != null && itself.isFile()) {
            throw errors.of(Kind.INVALID_PATH, folder, "it is a file");
        }
        AtomicLong files = new AtomicLong();
        boolean folders = sweep(folder, false, files) > 0;
        while (folders) {
            AtomicLong gone = new AtomicLong();
            folders = sweep(folder, true, gone) > 0;
            if (folders && gone.get() == 0) {
                throw errors.of(Kind.DIRECTORY_NOT_EMPTY, folder, "entries keep being added");
            }
        }
        if (itself != null) {
            remove(folder, true);
        }
        return files.get();
    }

    /**
     * Removes what is below a folder, in one walk.
     *
     * @param gone counts the files that went, or with {@code folders} the blobs that stand for folders.
     * @return how many blobs that stand for folders it met.
     */
    private long sweep(StorePath folder, boolean folders, AtomicLong gone) {
        long met = 0;
        try (BlobPages pages = new BlobPages(container, errors, names, folder, false, PAGE)) {
            while (!pages.isEnded()) {
                List<BlobItem> page = pages.ask();
                List<BlobItem> chosen = page.stream().filter(item -> folders || !isFolder(item)).toList();
                met += page.stream().filter(AzureRemoval::isFolder).count();
                Batch.Result<BlobItem> result = Batch.of(WINDOW).keptFailures(1).run(chosen.iterator(),
                        item -> removeFound(folder, item, gone));
                if (result.failed() > 0) {
                    throw result.failures().getFirst().reason();
                }
            }
        }
        return met;
    }

    private void removeFound(StorePath folder, BlobItem item, AtomicLong gone) {
        @Nullable StorePath path = names.pathOf(item.getName());
        HttpResponse answer = container.delete(path == null ? folder : path, item.getName(), new HttpHeaders());
        if (answer.getStatusCode() == 202) {
            gone.incrementAndGet();
        } else if (answer.getStatusCode() != 404 && !AzureErrors.codeOf(answer).equals("DirectoryIsNotEmpty")) {
            throw errors.of(path == null ? folder : path, answer);
        }
    }

    private static boolean isFolder(BlobItem item) {
        return BlobMetadata.isFolder(item.getMetadata());
    }
}
