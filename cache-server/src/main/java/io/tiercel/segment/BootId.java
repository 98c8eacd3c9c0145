package io.tiercel.segment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which boot of the machine this is: what a process wrote to a mapping is there for the next process of the same boot,
 * and may be gone after another. Threadsafe.
 */
public final class BootId {
    /** Longest text of an id. */
    public static final int MAX_LENGTH = 36;

    private static final Path KERNEL = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId() {}

    /** The id as a number, never 0; of different ids mostly different. */
    public static long numberOf(String id) {
        long number = 1;
        for (int i = 0; i < id.length(); i++) {
            number = 31 * number + id.charAt(i);
        }
        return number == 0 ? 1 : number;
    }

    /** Id of the current boot; where the kernel tells none, one that equals no other: every boot is another then. */
    public static String current() {
        try {
            String id = Files.readString(KERNEL, StandardCharsets.US_ASCII).strip();
            return id.length() > MAX_LENGTH ? id.substring(0, MAX_LENGTH) : id;
        } catch (IOException e) {
            return "unknown-" + Long.toHexString(System.nanoTime());
        }
    }
}
