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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that writes and invalidates, again and again on one directory. After each kill a key holds the last
 * acknowledged version, or the one in flight, or nothing; never one that an acknowledged call had replaced or dropped.
 * Small and large frames, more than there is room for, so that eviction goes on all the time.
 */
class StoreKillSystemTest {
    private static final int KILLS = Boolean.getBoolean("tiercel.full") ? 200 : 10;
    private static final int KILLED = 128 + 9;
    private static final int KEYS = 200;
    private static final int FOLDERS = 8;

    @TempDir
    Path temp;

    private final Map<String, Long> leastVersions = new HashMap<>();
    private int hits;

    @Test
    @Timeout(value = 6, unit = TimeUnit.HOURS)
    void shouldKeepThePromiseAcrossKills() throws IOException, InterruptedException {
        long seed = Long.getLong("tiercel.seed", System.nanoTime());
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
            assertThat(child.waitFor()).as("seed=%d kill=%d: killed, and not ended by itself", seed, kill).isEqualTo(
                    KILLED);
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
            case "all" -> {
                for (int key = 0; key < KEYS; key++) {
                    leastVersions.put(nameOf(key), version + 1);
                }
            }
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
        boolean exact = Arrays.equals(valueOf(version, name, value.length), value);
        assertThat(exact).as("bytes of a committed version of %s", name).isTrue();
        return version;
    }

    /** False when there was no room: then nothing changed. */
    private static boolean tryPut(StoreFixture fixture, String name, byte[] value) {
        Allocation allocation = fixture.request(fixture.requestFor(name, value.length)).allocation;
        if (allocation != null) {
            allocation.payload().putBytes(0, value);
            StoreFixture.publish(allocation);
        }
        return allocation != null;
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
                    int most = random.nextInt(200) == 0 ? 1_000_000 : 80_000; // a large one has its own segment
                    if (tryPut(fixture, name, valueOf(version, name, 1 + random.nextInt(most)))) {
                        out.println("put " + name + " " + version + " .");
                    }
                } else if (choice < 97) {
                    fixture.store.invalidate(Key.of(name));
                    out.println("drop " + name + " " + version + " .");
                } else if (choice == 99 && random.nextInt(4) == 0) {
                    fixture.store.invalidateAll();
                    out.println("all - " + version + " .");
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
