package io.tiercel.storage.azure;

import static java.util.Objects.requireNonNull;

import com.azure.core.http.HttpPipeline;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.tiercel.storage.Secret;
import java.time.Duration;

/** The SDK's client of one account with the connections that it uses. Asks nothing when it is made. Threadsafe. */
final class AzureClient implements AutoCloseable {
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final AzureClientConfiguration configuration;
    private final SocketTransport transport;
    private final BlobServiceClient service;

    AzureClient(AzureClientConfiguration configuration) {
        this.configuration = configuration;
        this.transport = new SocketTransport(configuration.timeoutMs(), configuration.connectTimeoutMs());
        this.service = serviceOf(configuration, transport);
    }

    private static BlobServiceClient serviceOf(AzureClientConfiguration configuration, SocketTransport transport) {
        // One try: the node is the only place of retries.
        RequestRetryOptions once = new RequestRetryOptions(RetryPolicyType.FIXED, 1, (Duration) null, SHORTEST,
                SHORTEST, null);
        BlobServiceClientBuilder builder = new BlobServiceClientBuilder().endpoint(configuration.endpoint())
                .httpClient(transport).retryOptions(once);
        Secret secret = configuration.credential().secret();
        switch (configuration.credential().kind()) {
            case KEY -> builder.credential(new StorageSharedKeyCredential(configuration.account(),
                    requireNonNull(secret, "a key").reveal()));
            case SAS -> builder.sasToken(requireNonNull(secret, "a signature").reveal());
            case ANONYMOUS -> {
                // The builder takes the lack of a credential for that.
            }
        }
        return builder.buildClient();
    }

    boolean isAnonymous() {
        return configuration.credential().kind() == AzureCredential.Kind.ANONYMOUS;
    }

    BlobContainerClient container(String name) {
        return service.getBlobContainerClient(name);
    }

    String endpoint() {
        return configuration.endpoint();
    }

    /** Signs requests and sends them. */
    HttpPipeline pipeline() {
        return service.getHttpPipeline();
    }

    @Override
    public void close() {
        transport.close();
    }
}
