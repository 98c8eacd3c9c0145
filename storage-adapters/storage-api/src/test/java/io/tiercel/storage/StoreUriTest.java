package io.tiercel.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreUriTest {
    private static final Set<String> KNOWN = Set.of("region", "pathStyle", "pool", "passwordFile", "unit");

    @TempDir
    Path directory;

    private static StoreUri uri(String text) {
        return StoreUri.of(URI.create(text), KNOWN);
    }

    @Test
    void shouldTakeAUriApart() {
        StoreUri uri = uri("s3://under_scored/a%20b//c?region=eu%2B1&pathStyle=true&pool=7&unit=seconds");

        assertThat(uri.host()).isEqualTo("under_scored");
        assertThat(uri.path()).hasToString("a b/c");
        assertThat(uri.parameter("region")).isEqualTo("eu+1");
        assertThat(uri.flag("pathStyle", false)).isTrue();
        assertThat(uri.number("pool", 1, 1, 10)).isEqualTo(7);
        assertThat(uri.word("unit", TimeUnit.DAYS)).isEqualTo(TimeUnit.SECONDS);
        assertThat(uri("sftp://joe@host:22/").user()).isEqualTo("joe");
        assertThat(uri("sftp://joe@host:22/").port()).isEqualTo(22);
        assertThat(uri("jdbc:postgresql://h/db?region=x").parameter("region")).isEqualTo("x");
    }

    @Test
    void shouldTakeWhatIsAbsentFromTheCaller() {
        StoreUri uri = uri("s3://bucket");

        assertThat(uri.path().isRoot()).isTrue();
        assertThat(uri.parameter("region")).isNull();
        assertThat(uri.parameter("region", "r")).isEqualTo("r");
        assertThat(uri.flag("pathStyle", true)).isTrue();
        assertThat(uri.number("pool", 3, 1, 10)).isEqualTo(3);
        assertThat(uri.word("unit", TimeUnit.DAYS)).isEqualTo(TimeUnit.DAYS);
        assertThat(uri.port()).isEqualTo(-1);
        assertThat(uri.user()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://b?regoin=x", "s3://b?region=x&region=y", "s3://b?region", "s3://b?=x", "s3://b#x",
        "s3://b?region=x&"})
    void shouldRefuseWhatItDoesNotKnow(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> uri(text)).withMessageContaining(text);
    }

    @Test
    void shouldRefuseValuesThatAreNone() {
        StoreUri uri = uri("s3://b?pathStyle=yes&pool=11&unit=ages");

        assertThatIllegalArgumentException().isThrownBy(() -> uri.flag("pathStyle", true))
                .withMessageContaining("pathStyle=yes");
        assertThatIllegalArgumentException().isThrownBy(() -> uri.number("pool", 1, 1, 10))
                .withMessageContaining("pool=11");
        assertThatIllegalArgumentException().isThrownBy(() -> uri.word("unit", TimeUnit.DAYS))
                .withMessageContaining("unit=ages");
    }

    @Test
    void shouldReadASecretFromAFileAndShowItToNobody() throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "hunter2\n");
        StoreUri uri = uri("sftp://joe@host/?passwordFile=" + file);

        Secret secret = Secret.find(uri, "passwordFile", "NO_SUCH_VARIABLE");

        assertThat(secret).isEqualTo(Secret.of("hunter2")).hasToString("***");
        assertThat(Secret.of("hunter2").reveal()).isEqualTo("hunter2");
        assertThat(Secret.find(uri("sftp://joe@host"), "passwordFile", "NO_SUCH_VARIABLE")).isNull();
    }

    @Test
    void shouldNameASecretFileThatIsMissing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Secret.find(uri("s3://b?passwordFile=/no/such"), "passwordFile", "NO_SUCH_VARIABLE"))
                .withMessageContaining("passwordFile=/no/such");
    }
}
