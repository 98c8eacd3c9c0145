package io.tiercel.storage.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.h2.Driver;

/**
 * A database of H2: in memory, there while a connection is open, or in a file.
 *
 * @param place {@code mem:NAME} or {@code file:/PATH}.
 */
record H2Database(String place) implements TestDatabase {
    @Override
    public String uri(String table) {
        return "jdbc:h2:" + place + "?table=" + table;
    }

    @Override
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "sa");
        properties.setProperty("password", "");
        Connection connection = new Driver().connect("jdbc:h2:" + place, properties);
        if (connection == null) {
            throw new SQLException("no connection to " + place);
        }
        return connection;
    }

    @Override
    public String series() {
        return "(SELECT x AS n FROM SYSTEM_RANGE(0, %d - 1)) AS numbers";
    }

    @Override
    public String newVersion() {
        return "RANDOM_UUID()";
    }
}
