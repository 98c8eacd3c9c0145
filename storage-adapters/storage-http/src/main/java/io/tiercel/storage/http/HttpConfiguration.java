package io.tiercel.storage.http;

import io.tiercel.storage.ClientConfiguration;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;

/**
 * What stores that share connections have in common.
 *
 * @param timeoutMs of a connection being made, and of each wait for bytes.
 */
record HttpConfiguration(int timeoutMs, boolean allowPrivate) implements ClientConfiguration<HttpConnections> {
    @Override
    public HttpConnections open() {
        try {
            return new HttpConnections(timeoutMs, allowPrivate, SSLContext.getDefault().getSocketFactory());
        } catch (NoSuchAlgorithmException e) {
            throw StorageException.of(Kind.UNAVAILABLE).because("this JVM cannot set up TLS").cause(e).build();
        }
    }
}
