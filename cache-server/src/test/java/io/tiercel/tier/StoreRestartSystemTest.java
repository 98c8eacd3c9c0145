package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process fills a store and is killed; another opens it and reads. The full form has a million frames in 10 GB. Where
 * the time went is printed and not asserted: what is asserted is that the first hit comes before the rebuild ends.
 */
class StoreRestartSystemTest {
    private static final boolean FULL = Boolean.getBoolean("tiercel.full");
    private static final int FRAMES = FULL ? 1_000_000 : 20_000;
    private static final int LENGTH = FULL ? 10_000 : 1000;
    private static final long CAPACITY = FULL ? 12_000_000_000L : 64L << 20;

    @TempDir
    Path temp;

    @Test
    @Timeout(1200)
    void shouldServeTheFirstHitBeforeTheRebuildEnds() throws IOException, InterruptedException {
        Path dir = temp.resolve("dir");
        Process filler = start("fill", dir);
        assertThat(answers(filler)).containsKey("filled");

        long startMs = System.currentTimeMillis();
        Process reader = start("read", dir);
        Map<String, Long> answers = answers(reader);

        System.out.println("frames=" + FRAMES + " length=" + LENGTH + " ms since the start of the process: " + answers
                + ", all in " + (System.currentTimeMillis() - startMs));
        assertThat(answers).containsKeys("main", "open", "newest", "all");
        assertThat(answers.get("foundAtFirstHit")).isBetween(1L, FRAMES - 1L);
        assertThat(answers.get("found")).isEqualTo(FRAMES);
    }

    private Process start(String what, Path dir) throws IOException {
        return ChildStore.start(temp, StoreRestartSystemTest.class.getName(), what, dir.toString());
    }

    /** What a child says, a name and a number a line; after its last word it is killed. */
    private static Map<String, Long> answers(Process child) throws IOException, InterruptedException {
        Map<String, Long> answers = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.equals("end")) {
                String[] words = line.split("=", 2);
                if (words.length == 2 && words[1].matches("\\d+")) {
                    answers.put(words[0], Long.parseLong(words[1]));
                }
                line = lines.readLine();
            }
            child.toHandle().destroyForcibly();
        }
        child.waitFor();
        return answers;
    }

    /** The child. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println("main=" + sinceStartMs());
        StoreContext context = new StoreContext().dir(Path.of(args[1])).mappedCapacity(CAPACITY)
                .heapCapacity(0);
        StoreFixture fixture = StoreFixture.unrecovered(context);
        if (args[0].equals("fill")) {
            fill(fixture, out);
        } else {
            read(fixture, out);
        }
        out.println("end");
        while (Files.exists(Path.of(args[1]))) {
            LockSupport.parkNanos(1_000_000L); // until it is killed
        }
    }

    private static void fill(StoreFixture fixture, PrintStream out) {
        byte[] value = new byte[LENGTH];
        for (int i = 0; i < FRAMES; i++) {
            fixture.put("k/" + i, value);
            if (i % 1000 == 0) {
                fixture.clock.advanceMs(1);
            }
        }
        out.println("filled=" + fixture.store.snapshot().mapped().entries());
    }

    private static void read(StoreFixture fixture, PrintStream out) {
        out.println("open=" + sinceStartMs());
        while (!fixture.store.peek(Key.of("k/" + (FRAMES - 1)).buffer(), 0, ("k/" + (FRAMES - 1)).length(),
                fixture.view)) {
            fixture.turn(1);
        }
        out.println("newest=" + sinceStartMs());
        out.println("foundAtFirstHit=" + fixture.store.rebuiltFrames());
        while (!fixture.store.peek(Key.of("k/0").buffer(), 0, 3, fixture.view)) {
            fixture.turn(1);
        }
        out.println("oldest=" + sinceStartMs());
        fixture.recover();
        out.println("all=" + sinceStartMs());
        out.println("found=" + fixture.store.snapshot().mapped().entries());
    }

    private static long sinceStartMs() {
        return System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    }
}
