package io.tiercel.storage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tiercel.storage.Capability;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpStorageProviderTest {
    private final StorageProviders providers = StorageProviders.load();

    @AfterEach
    void close() {
        providers.close();
    }

    @ParameterizedTest
    @CsvSource({"http://Example.ORG, http://example.org/", "http://example.org:80/a//b/, http://example.org/a/b",
        "https://example.org:8443/a%20b?timeoutMs=5, https://example.org:8443/a b",
        "https://example.org:443, https://example.org/", "'http://[::1]:81/x', 'http://[::1]:81/x'"})
    void shouldOpenByUriWithoutAskingAnybody(String uri, String name) {
        try (StorageAdapter store = providers.open(uri)) {
            assertThat(store.name()).isEqualTo(name);
            assertThat(store.capabilities()).containsExactlyInAnyOrder(Capability.READ, Capability.RANGE,
                    Capability.METADATA, Capability.CONDITIONAL, Capability.LAZY_READ);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http:", "http:x", "http:///x", "http://user@example.org/", "https://example.org/a%2Fb",
        "https://example.org/a%5cb", "http://h/x?allowPrivate=yes", "http://h/x?timeoutMs=0", "http://h/x?unknown=1",
        "http://h/x?maxRedirects=21", "http://h/x#f"})
    void shouldRefuseWhatItDoesNotKnow(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> providers.open(uri)).withMessageContaining("store=http");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://joe:hunter2@h/x", "https://hunter2@h/x", "http://h/x?token=hunter2",
        "http://h/x?X-Amz-Signature=hunter2", "https://h/x?sig=hunter2"})
    void shouldRefuseACredentialWithoutRepeatingIt(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> providers.open(uri))
                .withMessageNotContaining("hunter2");
    }

    @Test
    void shouldShareConnectionsBetweenStoresOfOneConfiguration() {
        HttpConfiguration one = new HttpConfiguration(10, true);

        assertThat(one).isEqualTo(new HttpConfiguration(10, true)).isNotEqualTo(new HttpConfiguration(10, false));
    }
}
