package io.tiercel.storage.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class AdmittedConnectionsTest {
    @Test
    void shouldGiveTheConnectingThreadOfAPoolTimeToEnd() {
        try (AdmittedConnections connections = new AdmittedConnections(() -> {
            throw new SQLException("nobody connects", "08001");
        })) {
            assertThat(connections.getLoginTimeout()).as("seconds before the pool warns").isPositive();
        }
    }
}
