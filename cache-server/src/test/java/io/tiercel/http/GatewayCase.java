package io.tiercel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A gateway for each test of a class, with nothing pinned and no put open when it is over. */
abstract class GatewayCase {
    @TempDir
    Path dir;

    GatewayFixture http;

    @BeforeEach
    void start() {
        http = new GatewayFixture(dir);
    }

    @AfterEach
    void stop() {
        http.close();
        assertThat(http.shard.pinCount).hasValue(0);
        assertThat(http.shard.openPutCount).hasValue(0);
    }
}
