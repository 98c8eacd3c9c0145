package io.tiercel.storage.local;

import java.nio.file.Path;

/** Where an entry stands itself, be it a link: its folder, by the real path, and its name. Immutable and threadsafe. */
record Place(Path folder, Path name) {
    Path path() {
        return folder.resolve(name);
    }
}
