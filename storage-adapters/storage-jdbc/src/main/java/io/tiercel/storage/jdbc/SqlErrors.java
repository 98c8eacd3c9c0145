package io.tiercel.storage.jdbc;

import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says in the words of the store what a database said. It goes by SQL states alone, and no text of a driver is shown.
 * Immutable and threadsafe.
 */
final class SqlErrors {
    /** Table, schema or database that are not there, in PostgreSQL's words and in H2's. */
    private static final Set<String> MISSING = Set.of("42P01", "3F000", "3D000", "42S02", "42S03", "42S04", "90079",
            "90146");
    /** Nothing was done, and the same may succeed at once: another transaction was first. */
    private static final Set<String> CONFLICT = Set.of("23505", "40001", "40P01", "90131");
    /** Who makes a table at the same time. */
    private static final Set<String> MADE_MEANWHILE = Set.of("23505", "42P07", "42S01", "40001", "40P01", "XX000");
    private static final Set<String> ENDED_BY_SERVER = Set.of("57P01", "57P02", "57P03", "90098", "90121");

    /** PostgreSQL's driver has nothing to sign in with that the server takes: no password, no TLS. */
    private static final String NO_SIGN_IN = "08004";

    private final String store;

    SqlErrors(String store) {
        this.store = store;
    }

    StorageException of(Kind kind, StorePath path, String why) {
        return StorageException.of(kind).store(store).path(path).because(why).build();
    }

    StorageException interrupted(StorePath path, @Nullable InterruptedException cause) {
        StorageException.Builder failure = StorageException.of(Kind.UNAVAILABLE).store(store).path(path)
                .because("the thread was interrupted");
        return (cause == null ? failure : failure.cause(cause)).build();
    }

    StorageException of(StorePath path, SQLException e) {
        String state = stateOf(e);
        return StorageException.of(kindOf(state)).store(store).path(path).because(reasonOf(state)).cause(e).build();
    }

    /** Whether the table is not there, or the schema or database that it would be in. */
    static boolean isMissing(SQLException e) {
        return MISSING.contains(stateOf(e));
    }

    /** As {@link #isMissing}, and the first write would make it; a database of PostgreSQL none of us makes. */
    static boolean isYetToBeMade(SQLException e) {
        return isMissing(e) && !stateOf(e).equals("3D000");
    }

    /** Whether a transaction that is run again may succeed. */
    static boolean isConflict(SQLException e) {
        return CONFLICT.contains(stateOf(e));
    }

    /** Whether somebody else was making the same table. */
    static boolean isMadeMeanwhile(SQLException e) {
        return MADE_MEANWHILE.contains(stateOf(e));
    }

    /** Whether the connection is of no use any more, and its like neither. */
    static boolean isDisconnection(SQLException e) {
        String state = stateOf(e);
        return state.startsWith("08") || ENDED_BY_SERVER.contains(state);
    }

    private static Kind kindOf(String state) {
        if (MISSING.contains(state)) {
            return Kind.NOT_FOUND;
        }
        if (state.startsWith("28") || state.equals(NO_SIGN_IN) || state.equals("42501") || state.equals("90096")) {
            return Kind.PERMISSION_DENIED;
        }
        if (state.equals("22021") || state.equals("22P05")) {
            return Kind.INVALID_PATH;
        }
        return Kind.UNAVAILABLE;
    }

    private static String reasonOf(String state) {
        String why = switch (state) {
            case "3D000", "90146" -> "the database is missing";
            case "3F000", "90079" -> "the schema is missing";
            case NO_SIGN_IN -> "the server wants a password, or another way to sign in";
            case "42501", "90096" -> "the user has no right to this";
            case "22021", "22P05" -> "the database's encoding cannot spell it";
            case "57014" -> "the statement took too long";
            case "55P03", "HYT00" -> "a lock took too long";
            case "25006" -> "the database is read-only now";
            case "90020" -> "another process has the database open";
            default -> "";
        };
        if (!why.isEmpty()) {
            return why;
        }
        if (MISSING.contains(state)) {
            return "the table is missing";
        }
        if (ENDED_BY_SERVER.contains(state)) {
            return "the server is stopping or starting";
        }
        return reasonOfClass(state.length() < 2 ? "" : state.substring(0, 2));
    }

    private static String reasonOfClass(String stateClass) {
        return switch (stateClass) {
            case "08" -> "the connection failed";
            case "28" -> "the user was refused";
            case "53" -> "there are no connections or resources left";
            case "40", "23" -> "other transactions were always first";
            default -> "the database failed";
        };
    }

    /** That of the exception or, where a pool or driver wrapped it, of what it wraps; empty when nobody says. */
    private static String stateOf(SQLException e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }
}
