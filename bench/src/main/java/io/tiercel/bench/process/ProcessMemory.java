package io.tiercel.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of a process as Linux counts it; 0 on other systems. Stateless. */
public final class ProcessMemory {
    private ProcessMemory() {}

    /** Most that was ever resident, mapped files included. */
    public static long peakBytes(long pid) {
        return bytes(pid, "VmHWM:");
    }

    /** What is resident, mapped files included. */
    public static long residentBytes(long pid) {
        return bytes(pid, "VmRSS:");
    }

    /** What is resident and no page of a file: heaps and buffers. */
    public static long anonymousBytes(long pid) {
        return bytes(pid, "RssAnon:");
    }

    private static long bytes(long pid, String field) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith(field)) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
            return 0;
        } catch (IOException e) {
            return 0; // Figures are shown, nothing depends on them.
        }
    }
}
