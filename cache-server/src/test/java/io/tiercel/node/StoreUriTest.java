package io.tiercel.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreUriTest {
    @ParameterizedTest
    @ValueSource(strings = {"sftp://me:hunter2@host/dir", "sftp://me:@host/dir", "s3://me:hunt/er2@host/dir",
        "jdbc:postgresql://me:hunter2@host/db", "jdbc:oracle:thin:me/hunter2@host", "s3://b?password=hunter2",
        "s3://b?region=r&pass%77ord=hunter2", "s3://b?X-Amz-Signature=hunter2", "azblob://c?sig=hunter2",
        "azblob://c?accountKey=hunter2", "s3://b?secret-access-key=hunter2", "http://h/x?%zz=hunter2",
        "jdbc:sqlserver://h;password=hunter2", "s3://me:h?unter2@host/", "s3://me:h#unter2@host/",
        "https://hunter2@host/dir", "HTTP://hunter2@host:80/?x=y"})
    void shouldRefuseCredentialWithoutRepeatingIt(String uri) {
        assertThat(StoreUri.read(uri).defect()).isEqualTo(StoreUri.SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///a@b:c", "sftp://me@host:22/dir@x", "s3://b/p?endpoint=http://h:9000&region=r",
        "http://[::1]:80/x@y", "jdbc:postgresql://h:5432/db?table=t", "s3://bucket/a:b@c",
        "sftp://me@host/dir?passwordFile=/run/secret"})
    void shouldTakeUriWithoutCredential(String uri) {
        assertThat(StoreUri.read(uri).defect()).isEmpty();
        assertThat(StoreUri.read(uri).uri()).hasToString(uri);
    }

    @Test
    void shouldTakeBareSchemesAndWriteThemBack() {
        assertThat(StoreUri.read("cache:").uri()).hasToString("cache:/");
        assertThat(StoreUri.read("memory://").uri()).hasToString("memory:/");
        assertThat(StoreUri.text(StoreUri.read("cache:").uri())).isEqualTo("cache:");
    }

    @Test
    void shouldSayWhatIsNoUri() {
        assertThat(StoreUri.read("/data").defect()).isEqualTo("expected a URI such as file:///dir or cache:");
        assertThat(StoreUri.read("file:///a b").defect()).isEqualTo("no URI: Illegal character in path at index 9");
        assertThat(StoreUri.read("file:").defect()).startsWith("the URI ends after its scheme");
        assertThat(StoreUri.read("file:///a#ttl=1s").defect()).startsWith("a policy after # belongs to the command");
    }
}
