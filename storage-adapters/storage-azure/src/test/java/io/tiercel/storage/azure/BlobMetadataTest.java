package io.tiercel.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.http.HttpHeaders;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobMetadataTest {
    @ParameterizedTest
    @ValueSource(strings = {"plain", "Mixed-Case", "under_score", "9lives", "100%", "a b", "trailing_", "x_41", "~",
        "a__b"})
    void shouldGiveEveryNameBackAsItWas(String name) {
        String kept = BlobMetadata.encoded(name);

        assertThat(kept).matches("[a-z_][a-z0-9_]*");
        assertThat(BlobMetadata.decoded(kept)).isEqualTo(name);
    }

    @Test
    void shouldKeepValuesThatAzureWouldTrimOrRefuse() {
        Map<String, String> metadata = Map.of("empty", "", "blank", " x ", "quoted", "\"q\"", "end_", "v");
        HttpHeaders headers = new HttpHeaders();

        BlobMetadata.put(metadata, headers);

        assertThat(BlobMetadata.of(headers)).isEqualTo(metadata);
    }

    @Test
    void shouldTakeNamesOfOthersInSmallLetters() {
        HttpHeaders headers = new HttpHeaders(Map.of("x-ms-meta-MyName", "1", "x-ms-meta-my_name", "2", "ETag", "3"));

        assertThat(BlobMetadata.of(headers)).isEqualTo(Map.of("myname", "1", "my_name", "2"));
    }
}
