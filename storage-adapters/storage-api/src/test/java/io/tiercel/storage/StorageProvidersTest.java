package io.tiercel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tiercel.storage.memory.MemoryStorageProvider;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageProvidersTest {
    private final StorageProviders providers = StorageProviders.load();

    @ParameterizedTest
    @ValueSource(strings = {"memory:", "MEMORY:"})
    void shouldOpenAStoreByItsScheme(String uri) {
        try (StorageAdapter store = providers.open(uri)) {
            assertThat(store.name()).isEqualTo("memory:");
            assertThat(store.capabilities()).contains(Capability.WRITE);
        }
    }

    @Test
    void shouldNameTheSchemesThereAreForOneThereIsNot() {
        assertThatIllegalArgumentException().isThrownBy(() -> providers.open("s9://bucket/x"))
                .withMessageContaining("'s9:'").withMessageContaining("[memory]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/data", "data", "1x:y", ":"})
    void shouldRefuseWhatIsNoUri(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> providers.open(uri))
                .withMessageContaining("no scheme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sftp://joe:hunter2@host/dir", "sftp://joe:hunter2@ho@st", "sftp://:hunter2@host",
        "jdbc:postgresql://joe:hunter2@host/db", "jdbc:postgresql://host/db?user=joe&password=hunter2",
        "s3://b/p?x=1;secretKey=hunter2", "http://host/?Access_Token=hunter2",
        "nine://host/?Password=hunter2 and a blank", "memory:?pwd=hunter2",
        "http://h/x?X-Amz-Signature=hunter2", "azblob://c?sv=1&sig=hunter2", "s3://b?accessKeyId=hunter2",
        "azblob://c?AccountKey=hunter2", "http://h/x?api_key=hunter2", "http://h/x?key=hunter2"})
    void shouldRefuseASecretWithoutRepeatingIt(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> providers.open(uri)).withNoCause()
                .withMessageContaining("must not hold").withMessageNotContainingAny("hunter2", "joe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s9://host?passwordFile=/run/secret", "s9://host?user=joe&tokenFile=/run/secret",
        "s9://host?keyFile=/k&hostKey=any&sslkey=/k"})
    void shouldLetTheNameOfASecretsFilePass(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> providers.open(uri))
                .withMessageContaining("no store for scheme");
    }

    @Test
    void shouldNotRepeatAMalformedUri() {
        assertThatIllegalArgumentException().isThrownBy(() -> providers.open("memory:a b hunter2")).withNoCause()
                .withMessageContaining("index 8").withMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory:x", "memory://host", "memory:/a", "memory:?a=b"})
    void shouldRefuseParametersOfMemory(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> providers.open(uri))
                .withMessageContaining("nothing after the colon");
    }

    @Test
    void shouldRefuseTwoProvidersOfOneScheme() {
        List<StorageProvider> twins = List.of(new MemoryStorageProvider(), new MemoryStorageProvider());

        assertThatIllegalStateException().isThrownBy(() -> StorageProviders.of(new SharedClients(1), twins))
                .withMessageContaining("scheme=memory");
    }
}
