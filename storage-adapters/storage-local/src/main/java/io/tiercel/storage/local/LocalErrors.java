package io.tiercel.storage.local;

import io.tiercel.storage.Capability;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in the words of the store what the file system said. Immutable and threadsafe. */
final class LocalErrors {
    private final String store;

    LocalErrors(String store) {
        this.store = store;
    }

    StorageException of(Kind kind, StorePath path, String why) {
        return StorageException.of(kind).store(store).path(path).because(why).build();
    }

    StorageException of(Kind kind, StorePath path, String why, Exception cause) {
        return StorageException.of(kind).store(store).path(path).because(why).cause(cause).build();
    }

    StorageException lacking(Capability capability, StorePath path, String why, Exception cause) {
        return StorageException.of(Kind.CAPABILITY_NOT_SUPPORTED).store(store).path(path).capability(capability)
                .because(why).cause(cause).build();
    }

    StorageException of(StorePath path, IOException e) {
        return StorageException.of(kindOf(e)).store(store).path(path).because(reasonOf(e)).cause(e).build();
    }

    private static Kind kindOf(IOException e) {
        if (e instanceof NoSuchFileException) {
            return Kind.NOT_FOUND;
        }
        if (e instanceof AccessDeniedException) {
            return Kind.PERMISSION_DENIED;
        }
        return Kind.UNAVAILABLE;
    }

    /** The system's own words, without the path, which is the store's business. */
    private static String reasonOf(IOException e) {
        if (e instanceof NoSuchFileException || e instanceof AccessDeniedException) {
            return "";
        }
        if (e instanceof ClosedByInterruptException) {
            return "the thread was interrupted";
        }
        String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : reason;
    }
}
