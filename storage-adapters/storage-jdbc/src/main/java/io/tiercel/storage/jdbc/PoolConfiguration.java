package io.tiercel.storage.jdbc;

import io.tiercel.storage.ClientConfiguration;
import io.tiercel.storage.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What makes two pools of connections the same one; tables of one database share it. Immutable and threadsafe.
 *
 * @param url of the driver, without any parameter.
 * @param driverParameters those of the driver that may be given.
 * @param connections most of them at a time.
 * @param timeoutMs how long the database may take to accept a connection or to answer one statement, and how long a call
 *     waits for a connection that is in use.
 */
record PoolConfiguration(Engine engine, String url, @Nullable String user, @Nullable Secret password,
        Map<String, String> driverParameters, int connections,
        int timeoutMs) implements ClientConfiguration<ConnectionPool> {
    PoolConfiguration {
        driverParameters = Map.copyOf(driverParameters);
    }

    @Override
    public ConnectionPool open() {
        return new ConnectionPool(this);
    }
}
