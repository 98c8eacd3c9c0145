package io.tiercel.storage.azure;

import io.tiercel.storage.Secret;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What AZURE_STORAGE_CONNECTION_STRING says, {@code Name=value;...}. Immutable and threadsafe.
 *
 * @param account empty when it names none.
 * @param endpoint of the blobs, empty when it names none.
 */
record ConnectionString(String account, String endpoint, AzureCredential credential) {
    static final String VARIABLE = "AZURE_STORAGE_CONNECTION_STRING";

    /** @throws IllegalArgumentException when it is malformed, without repeating it. */
    static ConnectionString of(String text) {
        Map<String, String> parts = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String part : text.split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
            } else if (!part.isBlank()) {
                throw new IllegalArgumentException(VARIABLE + " has a part that is not NAME=VALUE");
            }
        }
        String account = parts.getOrDefault("AccountName", "");
        return new ConnectionString(account, endpointOf(parts, account), credentialOf(parts));
    }

    private static String endpointOf(Map<String, String> parts, String account) {
        String given = parts.getOrDefault("BlobEndpoint", "");
        if (!given.isEmpty() || account.isEmpty()) {
            return given;
        }
        String protocol = parts.getOrDefault("DefaultEndpointsProtocol", "https").toLowerCase(Locale.ROOT);
        return protocol + "://" + account + ".blob." + parts.getOrDefault("EndpointSuffix", "core.windows.net");
    }

    private static AzureCredential credentialOf(Map<String, String> parts) {
        String key = parts.getOrDefault("AccountKey", "");
        if (!key.isEmpty()) {
            return AzureCredential.key(Secret.of(key));
        }
        String sas = parts.getOrDefault("SharedAccessSignature", "");
        return sas.isEmpty() ? AzureCredential.NOBODY : AzureCredential.sas(Secret.of(sas));
    }
}
