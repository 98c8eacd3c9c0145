package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.ErrorCode;
import io.tiercel.Key;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One seeded stream of calls drives the store and a plain map: through evictions, clean restarts, kills, damaged files
 * and jumps of the wall clock. What the store serves is what the map holds, or nothing; and it is something often
 * enough. What is pinned keeps its bytes meanwhile. {@code -Dtiercel.seed=N} runs one stream again.
 */
class StoreModelTest {
    private static final boolean IS_FULL = Boolean.getBoolean("tiercel.full");
    private static final int STEPS = IS_FULL ? 100_000 : 4000;
    private static final int FOLDERS = 6;
    private static final int GROUPS = 4;
    private static final int KEYS = 12;
    private static final int MOST_PINS = 3;
    private static final long HOUR_MS = TimeUnit.HOURS.toMillis(1);

    private static final class Held {
        final Pinned pinned;
        final byte[] bytes;

        Held(Pinned pinned, byte[] bytes) {
            this.pinned = pinned;
            this.bytes = bytes;
        }
    }

    @TempDir
    Path temp;

    private final CommittedVersions model = new CommittedVersions();
    private final Map<String, Allocation> writing = new HashMap<>();
    private final List<Held> held = new ArrayList<>();
    private int copies;
    private String where = "";

    static LongStream seeds() {
        Long given = Long.getLong("tiercel.seed");
        return given != null ? LongStream.of(given) : LongStream.rangeClosed(1, IS_FULL ? 10 : 3);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldServeWhatAMapHoldsOrNothing(long seed) throws IOException {
        Random random = new Random(seed);
        StoreFixture fixture = opened(temp.resolve("dir"), 100 * HOUR_MS);
        for (int step = 0; step < STEPS; step++) {
            where = "seed=" + seed + " step=" + step;
            int choice = random.nextInt(2000);
            fixture = choice < 1990 ? operated(fixture, random, choice) : restarted(fixture, random, choice - 1990);
        }
        releaseAll(fixture);
        writing.values().forEach(Allocation::abort);
        fixture.close();

        assertThat(model.served()).as("%s served, missed=%d", where, model.missed()).isGreaterThan(model.missed());
    }

    private StoreFixture operated(StoreFixture fixture, Random random, int choice) {
        String key = keyOf(random.nextInt(FOLDERS), random.nextInt(GROUPS), random.nextInt(KEYS));
        if (choice < 1000) {
            model.check(key, fixture.bytes(key), fixture.clock.nowMs(), where);
        } else if (choice < 1650) {
            put(fixture, random, key);
        } else if (choice < 1730) {
            begin(fixture, random, key);
        } else if (choice < 1800) {
            finish(fixture, key);
        } else if (choice < 1850) {
            fixture.store.invalidate(Key.of(key));
            model.dropped(key);
        } else if (choice < 1880) {
            String prefix = random.nextInt(4) == 0 ? key : key.substring(0, key.indexOf('/', random.nextInt(2) * 3));
            fixture.store.invalidatePrefix(Key.of(prefix));
            model.droppedUnder(prefix);
        } else if (choice < 1884) {
            fixture.store.invalidateAll();
            model.droppedAll();
        } else if (choice < 1940) {
            pin(fixture, key);
        } else if (choice < 1965) {
            release(fixture, random);
        } else {
            fixture.turn(1 + random.nextInt(300));
        }
        return fixture;
    }

    private StoreFixture restarted(StoreFixture fixture, Random random, int choice) throws IOException {
        releaseAll(fixture);
        boolean isClean = choice < 4;
        List<String> kept = isClean ? servedOf(fixture) : List.of();
        Path dir = fixture.dir;
        if (isClean) {
            writing.values().forEach(Allocation::abort);
        } else {
            dir = StoreFixture.killedCopy(fixture.dir, temp.resolve("copy" + copies++));
        }
        fixture.close();
        writing.clear();
        boolean isDamaged = choice >= 8;
        if (isDamaged) {
            DamagedFiles.damage(dir, random);
        }
        long jumpMs = random.nextInt(3) == 0 ? (random.nextBoolean() ? HOUR_MS : -HOUR_MS) : 0L;
        StoreFixture next = opened(dir, fixture.clock.nowMs() + jumpMs);
        if (isDamaged) {
            forEachKey(key -> model.adopt(key, next.bytes(key), where));
        }
        if (kept.size() > 10) {
            kept.removeIf(key -> next.bytes(key) != null);
            assertThat(kept).as("%s jumpMs=%d: gone by a clean restart", where, jumpMs).isEmpty();
        }
        return next;
    }

    /** Keys with no lifetime that are served now. */
    private List<String> servedOf(StoreFixture fixture) {
        List<String> keys = new ArrayList<>(model.lasting());
        keys.removeIf(key -> fixture.bytes(key) == null);
        return keys;
    }

    private void put(StoreFixture fixture, Random random, String key) {
        byte[] value = value(random);
        long ttlMs = random.nextInt(10) == 0 ? 1 + random.nextInt(500) : 0;
        StoreFixture.Outcome outcome = fixture.request(new FrameRequest(Key.of(key), value.length,
                ContentHash.ETAG_LENGTH, "", ttlMs, 0, fixture.store.epoch()));
        Allocation allocation = outcome.allocation;
        if (allocation == null) {
            assertThat(outcome.code).as("%s %s", where, outcome.message).isEqualTo(ErrorCode.NO_SPACE);
            assertThat(held.size() + writing.size()).as("%s: %s", where, outcome.message).isPositive();
            return;
        }
        allocation.payload().putBytes(0, value);
        long nowMs = fixture.clock.nowMs();
        assertThat(StoreFixture.publish(allocation)).as(where).isTrue();
        model.committed(key, value, nowMs, ttlMs);
        Allocation older = writing.remove(key);
        if (older != null) {
            older.abort();
        }
    }

    private void begin(StoreFixture fixture, Random random, String key) {
        if (writing.containsKey(key) || writing.size() >= MOST_PINS) {
            return;
        }
        byte[] value = value(random);
        Allocation allocation = fixture.request(fixture.requestFor(key, value.length)).allocation;
        if (allocation != null) {
            allocation.payload().putBytes(0, value);
            writing.put(key, allocation);
        }
    }

    /** Ends one of the writes that began before, whatever happened to its key meanwhile. */
    private void finish(StoreFixture fixture, String wanted) {
        String key = writing.containsKey(wanted) ? wanted : writing.keySet().stream().sorted().findFirst().orElse("");
        Allocation allocation = writing.remove(key);
        if (allocation == null) {
            return;
        }
        byte[] value = new byte[(int) allocation.payloadLength()];
        allocation.payload().getBytes(0, value);
        if (StoreFixture.publish(allocation)) {
            model.committed(key, value, fixture.clock.nowMs(), 0L);
            model.check(key, fixture.bytes(key), fixture.clock.nowMs(), where);
        }
    }

    private void pin(StoreFixture fixture, String key) {
        byte[] found = fixture.bytes(key);
        model.check(key, found, fixture.clock.nowMs(), where);
        if (found != null && held.size() < MOST_PINS) {
            held.add(new Held(fixture.store.pin(fixture.view), found));
        }
    }

    private void release(StoreFixture fixture, Random random) {
        if (held.isEmpty()) {
            return;
        }
        Held released = held.remove(random.nextInt(held.size()));
        byte[] bytes = new byte[released.pinned.payloadLength()];
        released.pinned.payload().getBytes(0, bytes);
        assertThat(bytes).as("%s: what was pinned", where).isEqualTo(released.bytes);
        fixture.store.unpin(released.pinned);
    }

    private void releaseAll(StoreFixture fixture) {
        Random first = new Random(0);
        while (!held.isEmpty()) {
            release(fixture, first);
        }
    }

    private static StoreFixture opened(Path dir, long nowMs) {
        return new StoreFixture(new StoreContext().dir(dir).mappedCapacity(16 * StoreFixture.MIB)
                .heapCapacity(StoreFixture.MIB), nowMs);
    }

    private static void forEachKey(java.util.function.Consumer<String> visitor) {
        for (int folder = 0; folder < FOLDERS; folder++) {
            for (int group = 0; group < GROUPS; group++) {
                for (int key = 0; key < KEYS; key++) {
                    visitor.accept(keyOf(folder, group, key));
                }
            }
        }
    }

    private static String keyOf(int folder, int group, int key) {
        return "f" + folder + "/g" + group + "/k" + key;
    }

    private static byte[] value(Random random) {
        int kind = random.nextInt(100);
        byte[] value = new byte[kind == 0
                ? random.nextInt(3_000_000)
                : kind < 10 ? random.nextInt(300_000) : random.nextInt(3000)];
        random.nextBytes(value);
        return value;
    }
}
