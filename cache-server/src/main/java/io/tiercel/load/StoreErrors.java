package io.tiercel.load;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.storage.StorageException;

/** Translates what a store throws into our own error. Stateless. */
public final class StoreErrors {
    private StoreErrors() {}

    /** The typed error of a failed call. */
    public static TiercelException translate(Mount mount, Throwable failure) {
        if (failure instanceof TiercelException typed) {
            return typed;
        }
        if (failure instanceof StorageException stored) {
            return new TiercelException(codeOf(stored.kind()), String.valueOf(stored.getMessage()), stored);
        }
        if (failure instanceof InterruptedException) {
            return new TiercelException(ErrorCode.TIMEOUT, "store call was interrupted: mount=" + mount.prefix());
        }
        // What it says may hold what nobody should read: its class and, to a debugger, its cause are enough.
        return new TiercelException(ErrorCode.INTERNAL, "defect in the store's adapter: mount=" + mount.prefix()
                + " threw=" + failure.getClass().getName(), failure);
    }

    private static ErrorCode codeOf(StorageException.Kind kind) {
        return switch (kind) {
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case ALREADY_EXISTS -> ErrorCode.ALREADY_EXISTS;
            case PERMISSION_DENIED -> ErrorCode.STORE_REFUSED;
            case INVALID_PATH -> ErrorCode.INVALID_KEY;
            case DIRECTORY_NOT_EMPTY -> ErrorCode.NOT_EMPTY;
            case CAPABILITY_NOT_SUPPORTED -> ErrorCode.NOT_SUPPORTED;
            case PRECONDITION_FAILED -> ErrorCode.PRECONDITION_FAILED;
            case NOT_YET_AVAILABLE -> ErrorCode.NOT_YET_AVAILABLE;
            case UNAVAILABLE -> ErrorCode.STORE_UNAVAILABLE;
        };
    }
}
