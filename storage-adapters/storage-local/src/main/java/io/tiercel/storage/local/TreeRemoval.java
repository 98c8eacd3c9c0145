package io.tiercel.storage.local;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Removes a directory with all in it, deepest first, without following a link: links are removed, what they lead to
 * stays. Each step is relative to an open directory. Not threadsafe, used once.
 */
final class TreeRemoval {
    /** Some file systems skip entries of a directory that shrinks while it is read. */
    private static final int PASSES = 3;

    private final Place top;
    private long files;

    TreeRemoval(Place top) {
        this.top = top;
    }

    /** Removes; how many files went, links among them. */
    long run() throws IOException {
        for (int pass = 1;; pass++) {
            try (OpenFolders open = new OpenFolders()) {
                open.enterFirst(top.folder());
                open.enter(top.name());
                empty(open);
                return files;
            } catch (NoSuchFileException e) {
                return files;
            } catch (DirectoryNotEmptyException e) {
                if (pass == PASSES) {
                    throw e;
                }
            }
        }
    }

    private void empty(OpenFolders open) throws IOException {
        while (open.depth() > 1) {
            Path entry = open.next();
            if (entry != null) {
                removeOrEnter(open, OpenFolders.nameOf(entry));
            } else {
                Path emptied = open.leave();
                open.stream().deleteDirectory(emptied);
            }
        }
    }

    private void removeOrEnter(OpenFolders open, Path entry) throws IOException {
        try {
            BasicFileAttributes attributes = open.stream()
                    .getFileAttributeView(entry, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
            if (attributes.isDirectory()) {
                open.enter(entry);
            } else {
                open.stream().deleteFile(entry);
                files++;
            }
        } catch (NoSuchFileException e) {
            // Somebody else removed it.
            return;
        }
    }
}
