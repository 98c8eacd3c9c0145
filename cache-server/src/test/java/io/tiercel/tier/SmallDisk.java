package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tiercel.segment.DiskSpace;
import io.tiercel.segment.NoSpaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Mounts for a test, which need root and are gone after it: disks that can be filled, and folders nobody can write to. */
final class SmallDisk implements AutoCloseable {
    private static final int MIB = 24;

    private final List<Path> mounts = new ArrayList<>();

    /** An empty disk of 24 MiB at a folder that is made for it; skips the test where it cannot be had. */
    Path mount(Path folder) throws IOException {
        Files.createDirectories(folder);
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + MIB + "m", "tmpfs", folder.toString()) == 0;
        assumeThat(mounted).as("a small tmpfs can be mounted (needs root)").isTrue();
        mounts.add(folder);
        return folder;
    }

    /** Whoever opens a file by its path from now on cannot write; what is open and mapped goes on. */
    void makeReadOnly(Path folder) throws IOException {
        boolean mounted = run("mount", "--bind", folder.toString(), folder.toString()) == 0;
        assumeThat(mounted).as("a folder can be mounted over itself (needs root)").isTrue();
        mounts.add(folder);
        boolean readOnly = run("mount", "-o", "remount,ro,bind", folder.toString()) == 0;
        assumeThat(readOnly).as("a mount can be made read-only (needs root)").isTrue();
    }

    /** Takes all the room that is left on a disk for one file. */
    static void fillUp(Path filler) throws IOException {
        long length = 0;
        for (long step = (long) MIB << 20; step >= 4096; step /= 2) {
            while (isReserved(filler, length + step)) {
                length += step;
            }
        }
    }

    private static boolean isReserved(Path file, long length) throws IOException {
        try {
            DiskSpace.reserve(file, length);
            return true;
        } catch (NoSpaceException e) {
            return false;
        }
    }

    /** At once, whoever still uses them. */
    @Override
    public void close() throws IOException {
        for (Path mount : mounts.reversed()) {
            assertThat(run("umount", "-l", mount.toString())).as("umount %s", mount).isZero();
        }
    }

    private static int run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return process.onExit().join().exitValue();
    }
}
