package io.tiercel.storage.local;

import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The other process of {@link LocalFaultSystemTest}: somebody without rights, or one that holds a file and is killed. */
final class LocalFaultProbe {
    private static final PrintStream OUT = System.out;

    private LocalFaultProbe() {}

    /** Takes {@code hold FILE}, or a directory whose folder {@code locked} is not this user's. */
    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("hold")) {
            hold(Path.of(arguments[1]));
        } else {
            tryAll(Path.of(arguments[0]));
        }
    }

    private static void hold(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            OUT.println(lock.isValid() ? "held" : "lost");
            OUT.flush();
            // Until it is killed: nobody writes to its input.
            System.in.read();
        }
    }

    private static void tryAll(Path directory) {
        StorePath path = StorePath.of("locked/file");
        try (LocalStorage store = LocalStorage.open(directory)) {
            report("open", () -> store.open(path));
            report("info", () -> store.info(path));
            report("write", () -> store.write(path, ByteBuffer.allocate(1), WriteOptions.REPLACE));
            report("delete", () -> store.delete(path, true));
            report("deleteRecursively", () -> store.deleteRecursively(StorePath.of("locked")));
            report("list", () -> {
                try (ListingCursor cursor = store.list(StorePath.ROOT, ListOptions.RECURSIVE)) {
                    cursor.nextPage();
                }
            });
        }
        report("mount", () -> LocalStorage.open(directory.resolve("locked")));
    }

    private static void report(String name, Runnable call) {
        try {
            call.run();
            OUT.println(name + " passed");
        } catch (StorageException e) {
            OUT.println(name + " " + e.kind());
        }
    }
}
