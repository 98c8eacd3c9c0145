package io.tiercel.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A child whose service does not open. */
final class BrokenChild {
    private BrokenChild() {}

    /** Arguments: its folders, the file to write their names to, one a line. */
    public static void main(String[] arguments) throws IOException {
        ScratchFolders folders = ScratchFolders.ofArguments(arguments);
        Files.writeString(Path.of(arguments[2]), folders.disk() + "\n" + folders.memory());
        ChildLife.serve(folders, () -> {
            throw new IllegalStateException("broken, as the test asks");
        });
    }
}
