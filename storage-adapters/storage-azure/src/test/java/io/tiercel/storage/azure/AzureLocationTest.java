package io.tiercel.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AzureLocationTest {
    private static final String KEY = "a2V5a2V5a2V5a2V5";
    private static final String SAS = "sv=2026-10-06&sig=c2lnbmF0dXJl";

    @TempDir
    Path directory;

    private static AzureLocation of(String uri, Map<String, String> environment) {
        return AzureLocation.of(URI.create(uri), environment);
    }

    @Test
    void shouldMakeTheEndpointOfTheAccount() {
        AzureLocation location = of("azblob://box/a/b?account=acct", Map.of());

        assertThat(location.container()).isEqualTo("box");
        assertThat(location.prefix()).hasToString("a/b");
        assertThat(location.client().endpoint()).isEqualTo("https://acct.blob.core.windows.net");
        assertThat(location.client().credential()).isEqualTo(AzureCredential.NOBODY);
    }

    @Test
    void shouldWaitNoLongerForAnAnswerThanANodeDoes() {
        AzureClientConfiguration client = of("azblob://box?account=acct", Map.of()).client();

        assertThat(client.timeoutMs()).isEqualTo(10_000);
        assertThat(client.connectTimeoutMs()).isEqualTo(5_000);
    }

    @Test
    void shouldTakeCredentialsFromTheEnvironmentInTheOrderOfAzuresTools() {
        String connection = "DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=" + KEY
                + ";EndpointSuffix=core.windows.net";
        Map<String, String> all = Map.of(ConnectionString.VARIABLE, connection, "AZURE_STORAGE_KEY", "b3RoZXI=",
                "AZURE_STORAGE_SAS_TOKEN", SAS);
        Map<String, String> sas = Map.of("AZURE_STORAGE_SAS_TOKEN", "?" + SAS);

        AzureClientConfiguration first = of("azblob://box", all).client();

        assertThat(first.account()).isEqualTo("acct");
        assertThat(first.endpoint()).isEqualTo("https://acct.blob.core.windows.net");
        assertThat(String.valueOf(first.credential().secret())).isEqualTo("***");
        assertThat(first.credential().kind()).isEqualTo(AzureCredential.Kind.KEY);
        assertThat(of("azblob://box?account=acct", sas).client().credential().kind())
                .isEqualTo(AzureCredential.Kind.SAS);
    }

    @Test
    void shouldTakeAKeyFromAFileAndShowItToNobody() throws IOException {
        Path file = Files.writeString(directory.resolve("key"), KEY + "\n");

        AzureLocation location = of("azblob://box?account=acct&keyFile=" + file, Map.of());

        assertThat(location.client().credential().secret()).isNotNull();
        assertThat(location.client().credential().secret().reveal()).isEqualTo(KEY);
        assertThat(location.toString()).doesNotContain(KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"azblob:box", "azblob:///box?account=acct", "azblob://Box?account=acct",
        "azblob://b?account=acct", "azblob://box", "azblob://box?account=ACCT", "azblob://box:1?account=acct",
        "azblob://box?account=acct&typo=1", "azblob://box?endpoint=ftp://host", "azblob://box?endpoint=http://u@host",
        "azblob://box?account=acct&timeoutMs=0", "azblob://box?account=acct#x"})
    void shouldRefuseWhatSaysNotWhere(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> of(uri, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"azblob://box?account=acct&sig=c2VjcmV0", "azblob://box?endpoint=https://h?sig=c2VjcmV0",
        "azblob://box?account=acct&AccountKey=c2VjcmV0", "azblob://box?endpoint=https://h%3Fsig%3Dc2VjcmV0"})
    void shouldNotRepeatASecretThatItRefuses(String uri) {
        assertThatIllegalArgumentException().isThrownBy(() -> of(uri, Map.of()))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("c2VjcmV0"));
    }

    @Test
    void shouldNotRepeatABadSecretOfTheEnvironment() {
        for (String variable : new String[]{ConnectionString.VARIABLE, "AZURE_STORAGE_KEY",
            "AZURE_STORAGE_SAS_TOKEN"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> of("azblob://box?account=acct", Map.of(variable, "not a secret at all")))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("at all"));
        }
    }
}
