package io.tiercel.storage.s3;

import io.tiercel.storage.Capability;
import io.tiercel.storage.RetryAfter;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkInterruptedException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.InvalidObjectStateException;

/** Says in the words of the store what S3 and the SDK said. Immutable and threadsafe. */
final class S3Errors {
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9.]{1,64}");
    private static final Pattern REGION = Pattern.compile("<Region>([a-z0-9-]{1,64})</Region>");
    /** How long the usual restoring takes: up to 5 hours, and up to 12 from the deep archive. */
    private static final int RESTORE_MS = (int) TimeUnit.HOURS.toMillis(5);
    private static final int DEEP_RESTORE_MS = (int) TimeUnit.HOURS.toMillis(12);

    private final String store;
    private final Supplier<String> region;

    /** @param region that the client signs for; asked when it is needed. */
    S3Errors(String store, Supplier<String> region) {
        this.store = store;
        this.region = region;
    }

    StorageException of(Kind kind, StorePath path, String why) {
        return begin(kind, path, why).build();
    }

    StorageException of(Kind kind, StorePath path, String why, Throwable cause) {
        return begin(kind, path, why).cause(cause).build();
    }

    StorageException lacking(Capability capability, StorePath path, String why) {
        return begin(Kind.CAPABILITY_NOT_SUPPORTED, path, why).capability(capability).build();
    }

    /** What a request answers; whatever the SDK throws instead is said in the store's words. */
    <T> T call(StorePath path, Supplier<T> request) {
        try {
            return request.get();
        } catch (StorageException e) {
            throw e;
        } catch (RuntimeException e) {
            throw of(path, e);
        }
    }

    /** The same, where the caller looks at what S3 answered; anything else is translated. */
    <T> T ask(StorePath path, Supplier<T> request) throws Refusal {
        try {
            return request.get();
        } catch (StorageException e) {
            throw e;
        } catch (AwsServiceException e) {
            throw new Refusal(e, codeOf(e), of(path, e));
        } catch (RuntimeException e) {
            throw of(path, e);
        }
    }

    StorageException of(StorePath path, Throwable e) {
        if (e instanceof AwsServiceException answer) {
            return ofAnswer(path, answer);
        }
        if (hasCause(e, FoundCredentials.None.class)) {
            return of(Kind.PERMISSION_DENIED, path, "no credentials were found in the environment, a profile or the "
                    + "machine's role (anonymous=true does without)", e);
        }
        return of(Kind.UNAVAILABLE, path, whyNoAnswer(e), e);
    }

    private StorageException ofAnswer(StorePath path, AwsServiceException e) {
        String code = codeOf(e);
        int status = e.statusCode();
        String other = otherRegion(e);
        if (other != null) {
            return of(Kind.UNAVAILABLE, path, "the bucket is in region " + other + ", not in " + region.get()
                    + ": say region=" + other, e);
        }
        if (code.equals("NoSuchBucket")) {
            return of(Kind.NOT_FOUND, path, "the bucket is missing", e);
        }
        if (code.equals("InvalidObjectState")) {
            return archived(path, e);
        }
        if (status == 404 && (code.isEmpty() || code.equals("NoSuchKey") || code.equals("NotFound"))) {
            return of(Kind.NOT_FOUND, path, "", e);
        }
        if (status == 401 || status == 403 || code.equals("ExpiredToken") || code.equals("InvalidToken")) {
            return of(Kind.PERMISSION_DENIED, path, code.equals("AccessDenied") ? "" : wordsOf(status, code), e);
        }
        if (code.equals("KeyTooLongError")) {
            return of(Kind.INVALID_PATH, path, "the key is too long", e);
        }
        if (status == 412) {
            return of(Kind.PRECONDITION_FAILED, path, "", e);
        }
        return begin(Kind.UNAVAILABLE, path, wordsOf(status, code)).retryAfterMs(retryAfterMs(e)).cause(e).build();
    }

    private StorageException archived(StorePath path, AwsServiceException e) {
        String storageClass = e instanceof InvalidObjectStateException state ? state.storageClassAsString() : null;
        String named = storageClass == null || !storageClass.matches("[A-Z_]{1,40}") ? "" : " as " + storageClass;
        boolean deep = "DEEP_ARCHIVE".equals(storageClass);
        return begin(Kind.NOT_YET_AVAILABLE, path, "it is archived" + named + " and must be restored first")
                .retryAfterMs(deep ? DEEP_RESTORE_MS : RESTORE_MS).cause(e).build();
    }

    /** The region that S3 says is right, where it refused a request to another; null if it is not that. */
    private @Nullable String otherRegion(AwsServiceException e) {
        int status = e.statusCode();
        if (status != 301 && status != 307 && status != 400) {
            return null;
        }
        AwsErrorDetails details = e.awsErrorDetails();
        if (details == null) {
            return null;
        }
        String said = details.sdkHttpResponse() == null
                ? null
                : details.sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region").orElse(null);
        if (said == null && details.rawResponse() != null) {
            Matcher body = REGION.matcher(details.rawResponse().asUtf8String());
            said = body.find() ? body.group(1) : null;
        }
        return said == null || said.equals(region.get()) || !said.matches("[a-z0-9-]{1,64}") ? null : said;
    }

    private static String whyNoAnswer(Throwable e) {
        if (Thread.currentThread().isInterrupted() || hasCause(e, AbortedException.class)
                || hasCause(e, SdkInterruptedException.class) || hasCause(e, InterruptedException.class)
                || (hasCause(e, InterruptedIOException.class) && !hasCause(e, SocketTimeoutException.class))) {
            if (!isTimeout(e)) {
                Thread.currentThread().interrupt();
                return "the thread was interrupted";
            }
        }
        if (isTimeout(e)) {
            return "it took too long to answer";
        }
        if (hasCause(e, UnknownHostException.class)) {
            return "its host is not known";
        }
        if (hasCause(e, ConnectException.class)) {
            return "it cannot be connected to";
        }
        if (hasCause(e, SSLException.class)) {
            return "no secure connection can be made";
        }
        if (hasCause(e, SocketException.class)) {
            return "the connection broke";
        }
        return e instanceof SdkException ? "no answer could be had" : "the answer makes no sense";
    }

    private static boolean isTimeout(Throwable e) {
        return hasCause(e, SocketTimeoutException.class) || hasCause(e, ApiCallTimeoutException.class)
                || hasCause(e, ApiCallAttemptTimeoutException.class);
    }

    private static boolean hasCause(Throwable e, Class<? extends Throwable> type) {
        @Nullable Throwable cause = e;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static String wordsOf(int status, String code) {
        return "it answered " + status + (code.isEmpty() ? "" : " " + code);
    }

    /** S3's own word, empty where it said none that can be shown. */
    static String codeOf(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        return code != null && CODE.matcher(code).matches() ? code : "";
    }

    static int retryAfterMs(AwsServiceException e) {
        AwsErrorDetails details = e.awsErrorDetails();
        if (details == null || details.sdkHttpResponse() == null) {
            return 0;
        }
        return RetryAfter.ms(details.sdkHttpResponse().firstMatchingHeader("Retry-After").orElse(null), Instant.now());
    }

    private StorageException.Builder begin(Kind kind, StorePath path, String why) {
        return StorageException.of(kind).store(store).path(path).because(why);
    }

    /** An answer of S3 that is no success, with what it means unless its receiver knows better. */
    static final class Refusal extends Exception {
        @java.io.Serial
        private static final long serialVersionUID = 1L;

        private final transient AwsServiceException answer;
        private final String code;
        private final StorageException meaning;

        private Refusal(AwsServiceException answer, String code, StorageException meaning) {
            super(answer);
            this.answer = answer;
            this.code = code;
            this.meaning = meaning;
        }

        int status() {
            return answer.statusCode();
        }

        String code() {
            return code;
        }

        /** Of the answer, null where the SDK keeps none. */
        @Nullable
        SdkHttpResponse headers() {
            AwsErrorDetails details = answer.awsErrorDetails();
            return details == null ? null : details.sdkHttpResponse();
        }

        StorageException meaning() {
            return meaning;
        }

        /** Whether the path may be another kind of thing, or nothing: the bucket is there. */
        boolean isMissingKey() {
            return meaning.kind() == Kind.NOT_FOUND && !code.equals("NoSuchBucket");
        }
    }
}
