package io.tiercel.tier;

import java.nio.file.Path;

/** Where the files of a node's directory lie. Immutable. */
record StorePaths(Path directory) {
    Path lock() {
        return directory.resolve("tiercel.lock");
    }

    Path control() {
        return directory.resolve("control");
    }

    Path journal() {
        return directory.resolve("journal");
    }

    Path index() {
        return directory.resolve("index");
    }

    Path cleanMarker() {
        return directory.resolve("index.clean");
    }

    Path readers() {
        return directory.resolve("readers");
    }

    Path segments() {
        return directory.resolve("segments");
    }
}
