package io.tiercel.bench.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.agrona.IoUtil;

/**
 * The folder behind a mount, as somebody else changes it: a file is replaced by a rename, so that it is at no time half
 * written, or made unreadable by a folder in its place. Owner of the key alone, a key at a time.
 */
final class FileStore {
    private final Path folder;
    private final String prefix;

    /** @param prefix of the mount that this is the store of: keys here begin with it. */
    FileStore(Path folder, String prefix) {
        this.folder = folder;
        this.prefix = prefix;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path fileOf(String key) {
        return folder.resolve(key.substring(prefix.length() + 1));
    }

    void change(String key, long version) {
        Path file = fileOf(key);
        Path made = folder.resolveSibling("made-" + key.replace('/', '-'));
        try {
            mend(key);
            Files.createDirectories(fileOf(key.substring(0, key.lastIndexOf('/'))));
            Files.write(made, SoakPayload.of(key, version));
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a folder that is not empty in the place of a file: nobody can read it, nor write over it. */
    void makeUnreadable(String key) {
        Path file = fileOf(key);
        try {
            if (!Files.isDirectory(file)) {
                Files.deleteIfExists(file);
            }
            Files.createDirectories(file.resolve("inside"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes that folder away; the file is missing until it is written. */
    void mend(String key) {
        Path file = fileOf(key);
        if (Files.isDirectory(file)) {
            IoUtil.delete(file.toFile(), true);
        }
    }
}
