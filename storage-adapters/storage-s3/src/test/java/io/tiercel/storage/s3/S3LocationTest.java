package io.tiercel.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3LocationTest {
    @Test
    void shouldTakeAUriApart() {
        S3Location location = S3Location.of(URI.create(
                "s3://my_bucket.x/a/b%20c?endpoint=https://minio.example:9000&region=eu-west-1&pathStyle=false"
                        + "&profile=lake&conditionalWrites=false&timeoutMs=1500&connectTimeoutMs=700"));

        assertThat(location.bucket()).isEqualTo("my_bucket.x");
        assertThat(location.prefix()).hasToString("a/b c");
        assertThat(location.conditionalWrites()).isFalse();
        assertThat(location.client()).isEqualTo(new S3ClientConfiguration(URI.create("https://minio.example:9000"),
                "eu-west-1", false, "lake", false, 1500, 700));
    }

    @Test
    void shouldPutTheBucketInThePathOnlyOfOtherEndpointsThanAmazons() {
        assertThat(S3Location.of(URI.create("s3://bucket")).client().pathStyle()).isFalse();
        assertThat(S3Location.of(URI.create("s3://bucket?endpoint=http://host:9000")).client().pathStyle()).isTrue();
    }

    @Test
    void shouldShareAClientAmongBucketsOfOneEndpoint() {
        S3Location one = S3Location.of(URI.create("s3://one/a?endpoint=http://host:9000&region=r"));
        S3Location two = S3Location.of(URI.create("s3://two/b?region=r&endpoint=http://host:9000"));

        assertThat(one.client()).isEqualTo(two.client());
    }

    @Test
    void shouldAskNothingWhenItIsOpened() {
        try (StorageProviders providers = StorageProviders.load();
                StorageAdapter store = providers.open("s3://bucket/x?endpoint=http://127.0.0.1:1&anonymous=true")) {
            assertThat(store.name()).isEqualTo("s3://bucket/x?endpoint=http://127.0.0.1:1&anonymous=true");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3:bucket", "s3:", "s3:///prefix", "s3://bucket:80", "s3://b", "s3://bucket?regoin=x",
        "s3://bucket?endpoint=minio:9000", "s3://bucket?endpoint=http://", "s3://bucket?endpoint=ftp://host",
        "s3://bucket?endpoint=http://host?x", "s3://bucket?pathStyle=yes", "s3://bucket?timeoutMs=0",
        "s3://bucket?region=a/b", "s3://bucket?anonymous=true&profile=x", "s3://bucket/../x", "s3://bucket#x"})
    void shouldRefuseWhatNamesNoBucketOrHasAnUnknownPart(String uri) {
        try (StorageProviders providers = StorageProviders.load()) {
            assertThatIllegalArgumentException().isThrownBy(() -> providers.open(uri)).withMessageContaining(
                    "store=s3:");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3://hush@bucket", "s3://user:hush@bucket",
        "s3://bucket?endpoint=http://user:hush@host:9000",
        "s3://bucket?endpoint=http%3A%2F%2Fuser%3Ahush%40host", "s3://bucket?unknown=1&endpoint=http://hush@host",
        "s3://bucket?secretAccessKey=hush", "s3://bucket?sessionToken=hush"})
    void shouldRefuseAUserOrPasswordWithoutRepeatingIt(String uri) {
        try (StorageProviders providers = StorageProviders.load()) {
            assertThatIllegalArgumentException().isThrownBy(() -> providers.open(uri))
                    .satisfies(e -> assertThat(e.toString()).doesNotContain("hush"));
        }
    }
}
