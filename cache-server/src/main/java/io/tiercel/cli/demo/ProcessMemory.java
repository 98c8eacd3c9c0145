package io.tiercel.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory of a process as Linux counts it. Immutable.
 *
 * @param peak most that was ever resident, mapped files included (VmHWM).
 * @param own what is resident and no page of a file: heaps and buffers (RssAnon, RssShmem).
 */
record ProcessMemory(long peak, long own) {
    /** What is not known, on systems other than Linux. */
    static final ProcessMemory UNKNOWN = new ProcessMemory(0, 0);

    static ProcessMemory of(long pid) {
        try {
            long peak = 0;
            long own = 0;
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith("VmHWM:")) {
                    peak = kilobytes(line);
                } else if (line.startsWith("RssAnon:") || line.startsWith("RssShmem:")) {
                    own += kilobytes(line);
                }
            }
            return new ProcessMemory(peak, own);
        } catch (IOException e) {
            return UNKNOWN; // The figures are shown, nothing depends on them there.
        }
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
    }
}
