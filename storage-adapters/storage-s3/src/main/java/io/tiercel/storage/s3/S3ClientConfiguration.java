package io.tiercel.storage.s3;

import io.tiercel.storage.ClientConfiguration;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/**
 * What makes two clients of S3 the same one. Its client makes one attempt a call, sends no body in chunks signed one by one
 * and, to another endpoint than Amazon's, no checksum that only Amazon knows. Immutable and threadsafe.
 *
 * @param endpoint of another store than Amazon's, else null.
 * @param region null for that of the environment or the profile.
 * @param profile of the shared configuration files, null for the usual one.
 * @param timeoutMs between two bytes.
 */
record S3ClientConfiguration(@Nullable URI endpoint, @Nullable String region, boolean pathStyle,
        @Nullable String profile, boolean anonymous, long timeoutMs, long connectTimeoutMs)
        implements
            ClientConfiguration<S3Client> {
    /** More than the loads that a node runs at a time by default, with room for what clients list and write. */
    private static final int MAX_CONNECTIONS = 256;
    /** Stores close idle connections themselves, some after 5 s; one closed under a request is a failed attempt. */
    private static final Duration MAX_IDLE = Duration.ofSeconds(4);

    @Override
    public S3Client open() {
        return open(credentials());
    }

    S3Client open(AwsCredentialsProvider credentials) {
        S3Configuration.Builder service = S3Configuration.builder().pathStyleAccessEnabled(pathStyle)
                .expectContinueEnabled(false);
        // Closed with the client, since that builds it.
        S3ClientBuilder builder = S3Client.builder().httpClientBuilder(new BreakingHttpClient.Builder(httpClient()))
                .region(Region.of(regionName()))
                .credentialsProvider(credentials)
                .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()));
        if (endpoint != null) {
            service.chunkedEncodingEnabled(false);
            builder.endpointOverride(endpoint).requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                    .addPlugin(LegacyMd5Plugin.create());
        }
        return builder.serviceConfiguration(service.build()).build();
    }

    private Apache5HttpClient.Builder httpClient() {
        Apache5HttpClient.Builder http = Apache5HttpClient.builder().maxConnections(MAX_CONNECTIONS)
                .connectionTimeout(Duration.ofMillis(connectTimeoutMs))
                .connectionAcquisitionTimeout(Duration.ofMillis(timeoutMs)).socketTimeout(Duration.ofMillis(timeoutMs))
                .connectionMaxIdleTime(MAX_IDLE).expectContinueEnabled(false);
        if (endpoint != null && isThisHost(endpoint.getHost())) {
            http.proxyConfiguration(ProxyConfiguration.builder().useSystemPropertyValues(false)
                    .useEnvironmentVariableValues(false).build());
        }
        return http;
    }

    /** A proxy that the environment names for the world is none for this host. */
    private static boolean isThisHost(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private AwsCredentialsProvider credentials() {
        return anonymous
                ? AnonymousCredentialsProvider.create()
                : new FoundCredentials(DefaultCredentialsProvider.builder().profileName(profile).build());
    }

    /** Of the URI, the environment or the profile; never asked of the machine's network, which would take its time. */
    String regionName() {
        if (region != null) {
            return region;
        }
        try {
            return new AwsRegionProviderChain(new SystemSettingsRegionProvider(),
                    new AwsProfileRegionProvider(ProfileFile::defaultProfileFile, profile)).getRegion().id();
        } catch (SdkClientException e) {
            // Where nobody says, it is the region that such endpoints take for their own.
            return Region.US_EAST_1.id();
        }
    }
}
