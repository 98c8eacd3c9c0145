package io.tiercel.storage.http;

import java.io.IOException;

/** All addresses of a host are ones that we do not talk to. */
final class RefusedAddressException extends IOException {
    private static final long serialVersionUID = 1L;
}
