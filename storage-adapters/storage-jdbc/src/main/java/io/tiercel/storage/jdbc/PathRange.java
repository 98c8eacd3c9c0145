package io.tiercel.storage.jdbc;

import io.tiercel.storage.StorePath;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The paths behind one and before another, in the order of the table. Immutable and threadsafe.
 *
 * <p>What lies below a folder stands between {@code folder/} and {@code folder0}, since {@code 0} is the character behind
 * {@code /}: no pattern, no function, an index serves it.
 *
 * @param inclusive whether {@code from} itself belongs to it.
 * @param end the first path behind it; null when it has none.
 */
record PathRange(String from, boolean inclusive, @Nullable String end) {
    /** All that lies below a folder. */
    static PathRange below(StorePath folder) {
        return folder.isRoot()
                ? new PathRange("", false, null)
                : new PathRange(folder + "/", false, behind(folder.toString()));
    }

    /** What remains of it behind a path. */
    PathRange after(String path) {
        return new PathRange(path, false, end);
    }

    /** What remains of it behind all that lies below a folder. */
    PathRange afterFolder(String folder) {
        return new PathRange(behind(folder), true, end);
    }

    private static String behind(String folder) {
        return folder + (char) ('/' + 1);
    }

    String condition() {
        return " WHERE path " + (inclusive ? ">=" : ">") + " ?" + (end == null ? "" : " AND path < ?");
    }

    /** Binds what the condition asks for; tells the number of the next parameter. */
    int bind(PreparedStatement statement) throws SQLException {
        statement.setString(1, from);
        if (end == null) {
            return 2;
        }
        statement.setString(2, end);
        return 3;
    }
}
