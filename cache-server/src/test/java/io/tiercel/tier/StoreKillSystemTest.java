package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that writes and invalidates, again and again on one directory. After each kill a key holds the last
 * acknowledged version, or the one in flight, or nothing; never one that an acknowledged call had replaced or dropped.
 */
class StoreKillSystemTest {
    private static final int KILLS = Boolean.getBoolean("tiercel.full") ? 100 : 10;
    private static final int KEYS = 200;
    private static final int FOLDERS = 8;

    @TempDir
    Path temp;

    private final Map<String, Long> leastVersions = new HashMap<>();
    private int hits;

    @Test
    @Timeout(600)
    void shouldKeepThePromiseAcrossKills() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path dir = temp.resolve("dir");
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = ChildStore.start(temp, StoreKillSystemTest.class.getName(), dir.toString(),
                    Long.toString(seed + kill), Long.toString((kill + 1) * 1_000_000_000L));
            int operations = 200 + random.nextInt(3000);
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
                String line = "";
                for (int i = 0; i < operations && line != null; i++) {
                    line = lines.readLine();
                    acknowledge(line);
                }
                child.toHandle().destroyForcibly(); // kill -9; unlike the process's own it leaves the pipe to be read
                while ((line = lines.readLine()) != null) {
                    acknowledge(line);
                }
            }
            check(dir, seed, kill);
        }
        assertThat(hits).as("what survived").isPositive();
    }

    private void acknowledge(@Nullable String line) {
        if (line == null || !line.endsWith(".")) {
            return;
        }
        String[] words = line.split(" ", -1);
        long version = Long.parseLong(words[2]);
        switch (words[0]) {
            case "put" -> leastVersions.put(words[1], version);
            case "drop" -> leastVersions.put(words[1], version + 1);
            case "prefix" -> {
                for (int key = 0; key < KEYS; key++) {
                    if (nameOf(key).startsWith(words[1] + "/")) {
                        leastVersions.put(nameOf(key), version + 1);
                    }
                }
            }
            default -> throw new AssertionError(line);
        }
    }

    private void check(Path dir, long seed, int kill) {
        try (StoreFixture fixture = new StoreFixture(dir)) {
            for (int key = 0; key < KEYS; key++) {
                byte[] value = fixture.bytes(nameOf(key));
                if (value == null) {
                    continue;
                }
                hits++;
                long version = versionOf(value, nameOf(key));
                assertThat(version).as("seed=%d kill=%d key=%s", seed, kill, nameOf(key))
                        .isGreaterThanOrEqualTo(leastVersions.getOrDefault(nameOf(key), 0L));
            }
            assertThat(fixture.store.snapshot().mapped().damaged()).as("seed=%d kill=%d", seed, kill).isZero();
        }
    }

    private static String nameOf(int key) {
        return "folder" + key % FOLDERS + "/key" + key;
    }

    private static byte[] valueOf(long version, String name, int length) {
        StringBuilder text = new StringBuilder().append(version).append(' ').append(name).append(' ');
        while (text.length() < length) {
            text.append(version).append(',');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static long versionOf(byte[] value, String name) {
        long version = Long.parseLong(new String(value, StandardCharsets.UTF_8).split(" ", 2)[0]);
        int length = value.length;
        boolean exact = false;
        for (int tried = Math.max(0, length - 16); tried <= length && !exact; tried++) {
            exact = Arrays.equals(valueOf(version, name, tried), value);
        }
        assertThat(exact).as("bytes of a committed version of %s", name).isTrue();
        return version;
    }

    /** The child: says each call after it is acknowledged, until it is killed. */
    public static void main(String[] args) {
        Random random = new Random(Long.parseLong(args[1]));
        long version = Long.parseLong(args[2]);
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        try (StoreFixture fixture = new StoreFixture(Path.of(args[0]))) {
            while (true) {
                version++;
                String name = nameOf(random.nextInt(KEYS));
                int choice = random.nextInt(100);
                if (choice < 90) {
                    fixture.put(name, valueOf(version, name, 1 + random.nextInt(60_000)));
                    out.println("put " + name + " " + version + " .");
                } else if (choice < 97) {
                    fixture.store.invalidate(Key.of(name));
                    out.println("drop " + name + " " + version + " .");
                } else {
                    String folder = name.substring(0, name.indexOf('/'));
                    fixture.store.invalidatePrefix(Key.of(folder));
                    out.println("prefix " + folder + " " + version + " .");
                }
                out.flush();
                fixture.turn(1);
            }
        }
    }
}
