package io.tiercel.http;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Room on disk for bodies of unknown length, all together. Threadsafe. */
final class SpoolBudget {
    private final Path dir;
    private final long capacity;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong serial = new AtomicLong();

    SpoolBudget(Path dir, long capacity) {
        this.dir = dir;
        this.capacity = capacity;
    }

    /** Makes the directory, and clears it of what a killed node left. */
    static void prepare(Path dir) throws IOException {
        Files.createDirectories(dir);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(dir, "*" + SpoolFile.SUFFIX)) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }

    /**
     * An empty file, counted here until it is closed.
     *
     * @throws TiercelException with NO_SPACE when it cannot be made.
     */
    SpoolFile open() {
        try {
            return new SpoolFile(dir.resolve(serial.incrementAndGet() + SpoolFile.SUFFIX), this);
        } catch (IOException | UncheckedIOException e) {
            throw new TiercelException(ErrorCode.NO_SPACE, "a body of unknown length cannot be spooled: " + e, e);
        }
    }

    /**
     * Takes bytes from the budget.
     *
     * @throws TiercelException with OVERLOADED when others hold it.
     */
    void take(int length) {
        if (used.addAndGet(length) > capacity) {
            used.addAndGet(-length);
            throw new TiercelException(ErrorCode.OVERLOADED,
                    "too many bodies of unknown length at once: " + capacity + " bytes are spooled at most");
        }
    }

    void giveBack(long length) {
        used.addAndGet(-length);
    }
}
