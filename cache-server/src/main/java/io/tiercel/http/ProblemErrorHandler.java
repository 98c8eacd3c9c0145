package io.tiercel.http;

import io.tiercel.ErrorCode;
import java.util.Arrays;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Errors that Jetty finds before or beside our handlers, told like our own. Threadsafe. */
final class ProblemErrorHandler extends ErrorHandler {
    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(Request request, Response response, int status, @Nullable String message,
            @Nullable Throwable cause, Callback callback) {
        Problem problem = problemOf(status, message, cause, request.getHttpURI().getPath());
        response.setStatus(problem.status());
        response.getHeaders().put(ApiHandler.NOSNIFF);
        Answer.problem(response, problem, callback);
    }

    private static Problem problemOf(int status, @Nullable String message, @Nullable Throwable cause,
            @Nullable String path) {
        if (isUri(cause)) {
            return Problem.of(ErrorCode.INVALID_KEY,
                    "the URI has a bad percent-escape, an illegal character, or steps above its root");
        }
        String detail = message == null ? HttpStatus.getMessage(status) : message;
        boolean isKey = path != null && path.startsWith(ApiHandler.OBJECTS);
        return switch (status) {
            case HttpStatus.BAD_REQUEST_400 ->
                Problem.of(isKey ? ErrorCode.INVALID_KEY : ErrorCode.INVALID_ARGUMENT, detail);
            case HttpStatus.URI_TOO_LONG_414 -> Problem.of(ErrorCode.INVALID_KEY, "the URI is too long");
            case HttpStatus.NOT_FOUND_404 -> Problem.of(ErrorCode.NOT_FOUND, detail);
            case HttpStatus.REQUEST_TIMEOUT_408 -> Problem.of(ErrorCode.TIMEOUT, detail);
            case HttpStatus.PAYLOAD_TOO_LARGE_413 -> Problem.of(ErrorCode.TOO_LARGE, detail);
            case HttpStatus.SERVICE_UNAVAILABLE_503 ->
                Problem.of(ErrorCode.OVERLOADED, "the node is stopping or too busy");
            case HttpStatus.INTERNAL_SERVER_ERROR_500 -> Problem.defect();
            default -> new Problem(ErrorCode.INVALID_ARGUMENT, status, detail, 0);
        };
    }

    /** Whether Jetty could not make sense of the URI at all: it refuses some of them before anybody is asked. */
    private static boolean isUri(@Nullable Throwable cause) {
        Throwable reason = cause == null ? null : cause.getCause();
        return reason instanceof IllegalArgumentException && Arrays.stream(reason.getStackTrace())
                .anyMatch(frame -> frame.getClassName().startsWith(HttpURI.class.getName()));
    }
}
