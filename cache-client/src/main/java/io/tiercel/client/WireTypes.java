package io.tiercel.client;

/** Turns enumerations of the wire into the client's own; what this build does not know is refused. Stateless. */
final class WireTypes {
    private WireTypes() {}

    static Served served(io.tiercel.wire.codec.Served value) {
        return switch (value) {
            case HEAP -> Served.HEAP;
            case MAPPED -> Served.MAPPED;
            case LOADED -> Served.LOADED;
            case COLLAPSED -> Served.COLLAPSED;
            case STORE -> Served.STORE;
            case STALE -> Served.STALE;
            case REVALIDATED -> Served.REVALIDATED;
            default -> throw new IllegalArgumentException("served=" + value);
        };
    }

    static EntryKind kind(io.tiercel.wire.codec.EntryKind value) {
        return switch (value) {
            case FILE -> EntryKind.FILE;
            case FOLDER -> EntryKind.FOLDER;
            default -> throw new IllegalArgumentException("kind=" + value);
        };
    }
}
