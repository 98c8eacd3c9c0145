package io.tiercel.storage.http;

import io.tiercel.storage.Capability;
import io.tiercel.storage.RetryAfter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Instant;
import javax.net.ssl.SSLException;

/** Says in the words of the store what the server and the network said. Immutable and threadsafe. */
final class HttpErrors {
    private final String store;

    HttpErrors(String store) {
        this.store = store;
    }

    StorageException of(Kind kind, StorePath path, String why) {
        return StorageException.of(kind).store(store).path(path).because(why).build();
    }

    StorageException of(StorePath path, IOException e) {
        Kind kind = e instanceof RefusedAddressException ? Kind.PERMISSION_DENIED : Kind.UNAVAILABLE;
        return StorageException.of(kind).store(store).path(path).because(reasonOf(e)).cause(e).build();
    }

    StorageException noRanges(StorePath path) {
        return StorageException.of(Kind.CAPABILITY_NOT_SUPPORTED).store(store).path(path).capability(Capability.RANGE)
                .because("the server gives the object from its begin alone").build();
    }

    /** Of a status that is no success. */
    StorageException of(StorePath path, ResponseHead head) {
        int status = head.status();
        Kind kind = switch (status) {
            case 404, 410 -> Kind.NOT_FOUND;
            case 401, 403, 407, 451 -> Kind.PERMISSION_DENIED;
            case 412 -> Kind.PRECONDITION_FAILED;
            case 414 -> Kind.INVALID_PATH;
            default -> Kind.UNAVAILABLE;
        };
        StorageException.Builder failure = StorageException.of(kind).store(store).path(path);
        if (kind == Kind.UNAVAILABLE) {
            failure.retryAfterMs(RetryAfter.ms(head.header("retry-after"), Instant.now()));
        }
        return failure.because("the server answered with status " + status).build();
    }

    private static String reasonOf(IOException e) {
        if (Thread.currentThread().isInterrupted()) {
            return "the thread was interrupted";
        }
        return switch (e) {
            case ProtocolException protocol -> String.valueOf(protocol.getMessage());
            case RefusedAddressException refused -> "the host is in a private network (allowPrivate=true lets it pass)";
            case UnknownHostException unknown -> "the host's name is not known";
            case SocketTimeoutException late -> "the server did not answer in time";
            case ConnectException refused -> "the server cannot be reached";
            case EOFException end -> "the server ended the connection before the answer was whole";
            case SSLException insecure -> "no secure connection to the server";
            default -> "the connection failed";
        };
    }
}
