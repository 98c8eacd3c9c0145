package io.tiercel.storage.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import io.tiercel.storage.RetryAfter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.io.IOException;
import java.io.Serial;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What Azure answers in the words that all stores share. The SDK's own words repeat URLs: they stay out. Threadsafe. */
final class AzureErrors {
    private static final HttpHeaderName ERROR_CODE = HttpHeaderName.fromString("x-ms-error-code");
    private static final HttpHeaderName RETRY_AFTER_MS = HttpHeaderName.fromString("x-ms-retry-after-ms");
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9]{1,64}");
    /** Fetching an archived blob takes hours: to ask more often than this makes no sense. */
    private static final int ARCHIVED_RETRY_MS = (int) TimeUnit.HOURS.toMillis(1);

    private final String store;
    private final boolean anonymous;

    AzureErrors(String store, boolean anonymous) {
        this.store = store;
        this.anonymous = anonymous;
    }

    StorageException of(Kind kind, StorePath path, String reason) {
        return StorageException.of(kind).store(store).path(path).because(reason).build();
    }

    /** For an answer that is no success. */
    StorageException of(StorePath path, HttpResponse answer) {
        String code = codeOf(answer);
        int status = answer.getStatusCode();
        Refusal cause = new Refusal(status, code);
        return StorageException.of(kindOf(status, code)).store(store).path(path).because(reasonOf(status, code))
                .retryAfterMs(retryAfterMs(answer, code)).cause(cause).build();
    }

    /** For what the SDK, or the transport under it, threw. */
    StorageException of(StorePath path, RuntimeException thrown) {
        if (thrown instanceof StorageException known) {
            return known;
        }
        if (thrown instanceof HttpResponseException refused && refused.getResponse() != null
                && refused.getResponse().getStatusCode() >= 300) {
            return of(path, refused.getResponse());
        }
        IOException failure = ioCauseOf(thrown);
        if (failure != null) {
            return of(path, failure);
        }
        return StorageException.of(Kind.UNAVAILABLE).store(store).path(path)
                .because(interrupted("the store's answer makes no sense")).cause(new Refusal(thrown)).build();
    }

    StorageException of(StorePath path, IOException failure) {
        return StorageException.of(Kind.UNAVAILABLE).store(store).path(path).because(interrupted(wordsOf(failure)))
                .cause(failure).build();
    }

    /** Fails when the thread was interrupted: so a call ends before it begins. */
    void requireUninterrupted(StorePath path) {
        if (Thread.currentThread().isInterrupted()) {
            throw of(Kind.UNAVAILABLE, path, interrupted(""));
        }
    }

    static String codeOf(HttpResponse answer) {
        String code = answer.getHeaders().getValue(ERROR_CODE);
        return code != null && CODE.matcher(code).matches() ? code : "";
    }

    private Kind kindOf(int status, String code) {
        return switch (code) {
            case "BlobArchived", "BlobBeingRehydrated" -> Kind.NOT_YET_AVAILABLE;
            case "BlobAlreadyExists" -> Kind.ALREADY_EXISTS;
            case "PublicAccessNotPermitted", "NoAuthenticationInformation" -> Kind.PERMISSION_DENIED;
            // What Azure tells strangers of containers that are not theirs to see.
            case "ResourceNotFound" -> anonymous ? Kind.PERMISSION_DENIED : Kind.NOT_FOUND;
            case "ConditionNotMet", "TargetConditionNotMet", "SourceConditionNotMet" -> Kind.PRECONDITION_FAILED;
            case "DirectoryIsNotEmpty" -> Kind.INVALID_PATH;
            default -> switch (status) {
                case 401, 403 -> Kind.PERMISSION_DENIED;
                case 404 -> Kind.NOT_FOUND;
                case 412 -> Kind.PRECONDITION_FAILED;
                default -> Kind.UNAVAILABLE;
            };
        };
    }

    private static String reasonOf(int status, String code) {
        return switch (code) {
            case "ContainerNotFound" -> "the container is missing";
            case "BlobNotFound" -> "";
            case "BlobArchived" -> "it is archived, and must be rehydrated first";
            case "BlobBeingRehydrated" -> "it is being fetched from the archive";
            default -> "the store answered " + status + (code.isEmpty() ? "" : " " + code);
        };
    }

    private static int retryAfterMs(HttpResponse answer, String code) {
        long ms = number(answer.getHeaders().getValue(RETRY_AFTER_MS));
        if (ms < 0) {
            ms = RetryAfter.ms(answer.getHeaders().getValue(HttpHeaderName.RETRY_AFTER), Instant.now());
        }
        if (ms == 0 && (code.equals("BlobArchived") || code.equals("BlobBeingRehydrated"))) {
            return ARCHIVED_RETRY_MS;
        }
        return Math.clamp(ms, 0, Integer.MAX_VALUE);
    }

    /** -1 when it is none. */
    static long number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,15}") ? Long.parseLong(text) : -1;
    }

    private static String interrupted(String otherwise) {
        return Thread.currentThread().isInterrupted() ? "the thread was interrupted" : otherwise;
    }

    private static String wordsOf(IOException failure) {
        return switch (failure) {
            case SocketTimeoutException e -> "the store did not answer in time";
            case LongBodyException e -> "the answer is longer than it said";
            case UnknownHostException e -> "the host is unknown";
            case ConnectException e -> "the store cannot be reached";
            default -> "the connection failed";
        };
    }

    private static @Nullable IOException ioCauseOf(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 8; depth++, cause = cause.getCause()) {
            if (cause instanceof IOException failure) {
                return failure;
            }
        }
        return null;
    }

    /** Stands for an exception whose own text may hold a signature: what and where, without its words. */
    private static final class Refusal extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        private Refusal(int status, String code) {
            super("HTTP status=" + status + " code=" + code);
        }

        private Refusal(Throwable thrown) {
            super(thrown.getClass().getName());
            setStackTrace(thrown.getStackTrace());
        }
    }
}
