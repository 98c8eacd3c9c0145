package io.tiercel.storage.azure;

import io.tiercel.storage.Secret;
import io.tiercel.storage.StoreUri;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who asks: an account's key, a signature (SAS), or nobody. Immutable and threadsafe.
 *
 * @param secret null for nobody.
 */
record AzureCredential(Kind kind, @Nullable Secret secret) {
    static final AzureCredential NOBODY = new AzureCredential(Kind.ANONYMOUS, null);

    /** What the secret is. */
    enum Kind {
        KEY, SAS, ANONYMOUS
    }

    /** That of the URI's files, else of the environment: its connection string, its key, its signature; else nobody. */
    static AzureCredential find(StoreUri uri, ConnectionString connection, Map<String, String> environment) {
        if (uri.parameter("keyFile") != null && uri.parameter("sasFile") != null) {
            throw new IllegalArgumentException("store=" + uri + " has both keyFile and sasFile");
        }
        if (uri.parameter("keyFile") != null) {
            return key(Secret.find(uri, "keyFile", ""));
        }
        if (uri.parameter("sasFile") != null) {
            return sas(Secret.find(uri, "sasFile", ""));
        }
        if (connection.credential().kind() != Kind.ANONYMOUS) {
            return connection.credential();
        }
        String key = environment.getOrDefault("AZURE_STORAGE_KEY", "");
        if (!key.isEmpty()) {
            return key(Secret.of(key));
        }
        String sas = environment.getOrDefault("AZURE_STORAGE_SAS_TOKEN", "");
        return sas.isEmpty() ? NOBODY : sas(Secret.of(sas));
    }

    /** @throws IllegalArgumentException when it is no key, without repeating it. */
    static AzureCredential key(@Nullable Secret secret) {
        String value = secret == null ? "" : secret.reveal().strip();
        boolean base64 = !value.isEmpty() && value.matches("[A-Za-z0-9+/]*={0,2}") && value.length() % 4 == 0;
        if (!base64) {
            throw new IllegalArgumentException("the key of the Azure account is not base64");
        }
        return new AzureCredential(Kind.KEY, Secret.of(value));
    }

    /** @throws IllegalArgumentException when it is no signature, without repeating it. */
    static AzureCredential sas(@Nullable Secret secret) {
        String value = secret == null ? "" : secret.reveal().strip();
        String token = value.startsWith("?") ? value.substring(1) : value;
        if (!token.contains("sig=")) {
            throw new IllegalArgumentException("the SAS token of the Azure account has no 'sig='");
        }
        return new AzureCredential(Kind.SAS, Secret.of(token));
    }
}
