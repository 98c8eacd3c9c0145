package io.tiercel.storage.s3;

import java.io.Serial;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** The SDK's default chain, whose failure to find any credentials is told apart from other failures. Threadsafe. */
final class FoundCredentials implements AwsCredentialsProvider, SdkAutoCloseable {
    private final DefaultCredentialsProvider chain;

    FoundCredentials(DefaultCredentialsProvider chain) {
        this.chain = chain;
    }

    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return chain.resolveCredentials();
        } catch (RuntimeException e) {
            throw new None(e);
        }
    }

    @Override
    public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
        return CompletableFuture.completedFuture(resolveCredentials());
    }

    @Override
    public void close() {
        chain.close();
    }

    /** There are none. */
    static final class None extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        None(RuntimeException cause) {
            super(cause);
        }
    }
}
