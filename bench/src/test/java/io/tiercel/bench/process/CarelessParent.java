package io.tiercel.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A parent that starts a child, writes down where it is, and is gone without having closed it. */
final class CarelessParent {
    private CarelessParent() {}

    /** Arguments: the file to write the child's pid and folders to, one a line. */
    public static void main(String[] arguments) throws IOException {
        ChildJvm child = ChildJvm.start(IdleChild.class);
        ScratchFolders folders = child.folders();
        Files.writeString(Path.of(arguments[0]), child.pid() + "\n" + folders.disk() + "\n" + folders.memory());
        Runtime.getRuntime().halt(0);
    }
}
