package io.tiercel.cli;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * One thing about this machine that a node depends on, as it is. Immutable.
 *
 * @param detail what was found, and what to do where it does not suit.
 */
record MachineCheck(String name, State state, String detail) {
    /** How it suits. */
    enum State {
        OK, WARN, BAD;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int JDK_NEEDED = 25;
    private static final long MIB = 1L << 20;
    /** What a media driver and some clients take, and what a node's fixed files and first segments do. */
    private static final long SHM_NEEDED = 64 * MIB;
    private static final long DISK_NEEDED = 256 * MIB;
    private static final long FILES_WANTED = 4096;
    private static final long MAPS_WANTED = 65_530;

    static List<MachineCheck> all(Path dir) {
        return List.of(jdk(Runtime.version().feature()), space("/dev/shm", Path.of("/dev/shm"), SHM_NEEDED,
                "aeron.dir can name another folder"),
                limit("open files", openFiles(read(Path.of("/proc/self/limits"))), FILES_WANTED,
                        "raise it with 'ulimit -n'"),
                limit("mappings", number(read(Path.of("/proc/sys/vm/max_map_count"))), MAPS_WANTED,
                        "raise vm.max_map_count"),
                space("disk", existing(dir.toAbsolutePath()), DISK_NEEDED, "node.dir can name another folder"));
    }

    static MachineCheck jdk(int feature) {
        return new MachineCheck("JDK", feature >= JDK_NEEDED ? State.OK : State.BAD, Runtime.version()
                + (feature >= JDK_NEEDED ? "" : ": a node needs " + JDK_NEEDED));
    }

    static MachineCheck limit(String name, long value, long wanted, String remedy) {
        if (value < 0) {
            return new MachineCheck(name, State.WARN, "not known on this system");
        }
        return value >= wanted
                ? new MachineCheck(name, State.OK, "limit " + value)
                : new MachineCheck(name, State.WARN, "limit " + value + ", better " + wanted + ": " + remedy);
    }

    static MachineCheck space(String name, Path folder, long needed, String remedy) {
        try {
            if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
                return new MachineCheck(name, State.BAD, folder + " is no folder that can be written: " + remedy);
            }
            FileStore store = Files.getFileStore(folder);
            long free = store.getUsableSpace();
            String found = folder + ": " + free / MIB + " MiB free (" + store.type() + ")";
            return free >= needed
                    ? new MachineCheck(name, State.OK, found)
                    : new MachineCheck(name, State.BAD, found + ", needs " + needed / MIB + ": " + remedy);
        } catch (IOException e) {
            return new MachineCheck(name, State.BAD, folder + ": " + e);
        }
    }

    private static Path existing(Path folder) {
        Path at = folder;
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    /** The soft limit in the text of {@code /proc/self/limits}; -1 where it does not say. */
    static long openFiles(String limits) {
        for (String line : limits.lines().toList()) {
            if (line.startsWith("Max open files")) {
                return number(line.substring("Max open files".length()).strip().split(" +", 2)[0]);
            }
        }
        return -1;
    }

    private static long number(String text) {
        String digits = text.strip();
        if (digits.equals("unlimited")) {
            return Long.MAX_VALUE;
        }
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
