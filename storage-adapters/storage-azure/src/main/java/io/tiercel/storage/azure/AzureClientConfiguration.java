package io.tiercel.storage.azure;

import io.tiercel.storage.ClientConfiguration;

/**
 * What makes two clients of Azure the same one. Immutable and threadsafe.
 *
 * @param endpoint without a slash at its end.
 * @param account whose key signs; may be empty for the others.
 * @param timeoutMs between two bytes of an answer, and for a free connection.
 */
record AzureClientConfiguration(String endpoint, String account, AzureCredential credential, int timeoutMs,
        int connectTimeoutMs) implements ClientConfiguration<AzureClient> {
    AzureClientConfiguration {
        if (credential.kind() == AzureCredential.Kind.KEY && account.isEmpty()) {
            throw new IllegalArgumentException("a key needs account=NAME, the account that it is of");
        }
    }

    @Override
    public AzureClient open() {
        return new AzureClient(this);
    }
}
