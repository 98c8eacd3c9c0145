package io.tiercel.bench.report;

/** A file of results that is none. */
final class BadResultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadResultException(String message, Throwable cause) {
        super(message, cause);
    }
}
