package io.tiercel.storage.sftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SftpLocationTest {
    @Test
    void shouldTakeAUriApart() {
        SftpLocation location = SftpLocation
                .of(URI.create("sftp://me@host.example:2222/srv//data/?hostKey=tofu&timeoutMs=500&connections=3"));

        assertThat(location.name()).isEqualTo("sftp://me@host.example:2222/srv/data");
        assertThat(location.directory()).isEqualTo("/srv/data");
        SftpConfiguration configuration = location.configuration();
        assertThat(configuration.host()).isEqualTo("host.example");
        assertThat(configuration.port()).isEqualTo(2222);
        assertThat(configuration.user()).isEqualTo("me");
        assertThat(configuration.hostKey()).isEqualTo(HostKeyCheck.TOFU);
        assertThat(configuration.timeoutMs()).isEqualTo(500);
        assertThat(configuration.connections()).isEqualTo(3);
    }

    @Test
    void shouldHaveSafeDefaults() {
        SftpLocation location = SftpLocation.of(URI.create("sftp://[::1]/"));

        assertThat(location.directory()).isEmpty();
        assertThat(location.configuration().host()).isEqualTo("::1");
        assertThat(location.configuration().port()).isEqualTo(22);
        assertThat(location.configuration().user()).isEqualTo(System.getProperty("user.name"));
        assertThat(location.configuration().hostKey()).isEqualTo(HostKeyCheck.STRICT);
        assertThat(location.configuration().knownHosts()).endsWithRaw(java.nio.file.Path.of(".ssh", "known_hosts"));
    }

    @Test
    void shouldShareAConnectionWithTheStoreOfAnotherDirectory() {
        SftpLocation one = SftpLocation.of(URI.create("sftp://me@host/a"));
        SftpLocation other = SftpLocation.of(URI.create("sftp://me@host/b"));

        assertThat(one.configuration()).isEqualTo(other.configuration());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sftp:/dir", "sftp:dir", "sftp://host", "sftp://host/d?hostKey=maybe", "sftp://host/d?x=1",
        "sftp://host/d?timeoutMs=0", "sftp://host/d?connections=1000", "sftp://host/d?identity=/no/such/key",
        "sftp://host/d?passwordFile=/no/such/file", "sftp://me:password@host/d", "sftp://host/d?password=x"})
    void shouldRefuseWhatItCannotMean(String uri) {
        try (StorageProviders providers = StorageProviders.load()) {
            assertThatIllegalArgumentException().isThrownBy(() -> providers.open(uri))
                    .withMessageNotContaining("me:password");
        }
    }

    @Test
    void shouldAskNothingWhenItIsOpened() {
        try (StorageProviders providers = StorageProviders.load();
                StorageAdapter store = providers.open("sftp://me@host.invalid/dir")) {
            assertThat(providers.schemes()).contains("sftp");
            assertThat(store.name()).isEqualTo("sftp://me@host.invalid/dir");
        }
    }
}
