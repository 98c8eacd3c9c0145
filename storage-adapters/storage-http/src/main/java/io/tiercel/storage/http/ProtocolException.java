package io.tiercel.storage.http;

import java.io.IOException;

/** The server broke HTTP; the message says how, in words of ours that may be shown. */
final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String words) {
        super(words);
    }
}
