package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiercel.Key;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One seeded stream of calls drives the store and a plain map, through clean restarts and kills. What the store serves
 * is what the map holds, or nothing; and it is something often enough.
 */
class StoreModelTest {
    private static final int STEPS = Boolean.getBoolean("tiercel.full") ? 200_000 : 6000;

    @TempDir
    Path temp;

    private final Map<String, byte[]> model = new HashMap<>();
    private final Map<String, Long> expiresAtMs = new HashMap<>();
    private final Map<String, Allocation> writing = new HashMap<>();
    private int served;
    private int missed;
    private int copies;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldServeWhatAMapHoldsOrNothing(long seed) throws IOException {
        Random random = new Random(seed);
        StoreFixture fixture = new StoreFixture(temp.resolve("dir"), 16 * StoreFixture.MIB, StoreFixture.MIB);
        for (int step = 0; step < STEPS; step++) {
            String key = "f" + random.nextInt(6) + "/g" + random.nextInt(4) + "/k" + random.nextInt(12);
            int choice = random.nextInt(1000);
            if (choice < 500) {
                check(fixture, key, "seed=" + seed + " step=" + step);
            } else if (choice < 850) {
                put(fixture, random, key);
            } else if (choice < 900) {
                begin(fixture, random, key);
            } else if (choice < 940) {
                finish(fixture, key);
            } else if (choice < 970) {
                fixture.store.invalidate(Key.of(key));
                drop(key);
            } else if (choice < 985) {
                String prefix = key.substring(0, key.indexOf('/', random.nextBoolean() ? 0 : 3));
                fixture.store.invalidatePrefix(Key.of(prefix));
                dropUnder(prefix + "/");
            } else if (choice < 987) {
                fixture.store.invalidateAll();
                dropUnder("");
            } else if (choice < 996) {
                fixture.turn(1 + random.nextInt(300));
            } else if (choice < 998) {
                fixture = restarted(fixture);
            } else {
                fixture = killed(fixture);
            }
        }
        fixture.close();

        assertThat(served).as("served, missed=%d", missed).isGreaterThan(missed);
        model.clear();
    }

    private void check(StoreFixture fixture, String key, String where) {
        byte[] found = fixture.bytes(key);
        Long expiry = expiresAtMs.get(key);
        if (expiry != null && fixture.clock.nowMs() >= expiry) {
            drop(key);
        }
        byte[] expected = model.get(key);
        if (found != null) {
            assertThat(expected != null && Arrays.equals(found, expected)).as("%s key=%s", where, key).isTrue();
            served++;
        } else if (expected != null) {
            missed++;
            model.remove(key); // evicted, and not to come back
        }
    }

    private void put(StoreFixture fixture, Random random, String key) {
        byte[] value = value(random);
        long ttlMs = random.nextInt(10) == 0 ? 1 + random.nextInt(500) : 0;
        FrameRequest request = new FrameRequest(Key.of(key), value.length, ContentHash.ETAG_LENGTH, "", ttlMs, 0,
                fixture.store.epoch());
        Allocation allocation = fixture.request(request).allocated();
        allocation.payload().putBytes(0, value);
        expiresAtMs.remove(key);
        if (ttlMs > 0) {
            expiresAtMs.put(key, fixture.clock.nowMs() + ttlMs);
        }
        assertThat(StoreFixture.publish(allocation)).isTrue();
        model.put(key, value);
        Allocation older = writing.remove(key);
        if (older != null) {
            older.abort();
        }
    }

    private void begin(StoreFixture fixture, Random random, String key) {
        if (!writing.containsKey(key)) {
            writing.put(key, fixture.allocate(key, value(random)));
        }
    }

    private void finish(StoreFixture fixture, String key) {
        Allocation allocation = writing.remove(key);
        if (allocation == null) {
            return;
        }
        byte[] value = new byte[(int) allocation.payloadLength()];
        allocation.payload().getBytes(0, value);
        if (StoreFixture.publish(allocation)) {
            model.put(key, value);
            expiresAtMs.remove(key);
            assertThat(fixture.bytes(key)).isEqualTo(value);
        }
    }

    private void drop(String key) {
        model.remove(key);
        expiresAtMs.remove(key);
    }

    private void dropUnder(String prefix) {
        model.keySet().removeIf(key -> key.startsWith(prefix));
        expiresAtMs.keySet().removeIf(key -> key.startsWith(prefix));
    }

    private StoreFixture restarted(StoreFixture fixture) {
        writing.values().forEach(Allocation::abort);
        writing.clear();
        fixture.close();
        return again(fixture, fixture.dir);
    }

    private StoreFixture killed(StoreFixture fixture) throws IOException {
        Path copy = StoreFixture.killedCopy(fixture.dir, temp.resolve("copy" + copies++));
        writing.clear();
        fixture.close();
        return again(fixture, copy);
    }

    private static StoreFixture again(StoreFixture before, Path dir) {
        StoreFixture fixture = new StoreFixture(dir, 16 * StoreFixture.MIB, StoreFixture.MIB);
        fixture.clock.advanceMs(before.clock.nowMs() - fixture.clock.nowMs());
        return fixture;
    }

    private static byte[] value(Random random) {
        byte[] value = new byte[random.nextInt(10) == 0 ? random.nextInt(900_000) : random.nextInt(3000)];
        random.nextBytes(value);
        return value;
    }
}
