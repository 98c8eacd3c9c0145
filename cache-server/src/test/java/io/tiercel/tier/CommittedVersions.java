package io.tiercel.tier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a plain map says that a store may serve: each key's latest committed version for as long as it lives, and of
 * every version that ever was, its hash. Not threadsafe.
 */
final class CommittedVersions {
    private static final class Version {
        final byte[] value;
        final long storedAtMs;
        final long expiresAtMs;

        Version(byte[] value, long storedAtMs, long expiresAtMs) {
            this.value = value;
            this.storedAtMs = storedAtMs;
            this.expiresAtMs = expiresAtMs;
        }

        /** A lifetime that began in the future is not believed: the wall clock went back while no node ran. */
        boolean isAlive(long nowMs) {
            return expiresAtMs == 0L || (nowMs >= storedAtMs && nowMs < expiresAtMs);
        }
    }

    private final Map<String, Version> latest = new HashMap<>();
    private final Map<String, Set<Long>> hashes = new HashMap<>();
    private int served;
    private int missed;

    void committed(String key, byte[] value, long nowMs, long ttlMs) {
        latest.put(key, new Version(value, nowMs, ttlMs == 0L ? 0L : nowMs + ttlMs));
        hashes.computeIfAbsent(key, k -> new HashSet<>()).add(hash(value));
    }

    void dropped(String key) {
        latest.remove(key);
    }

    /** A prefix is whole path segments; the empty one covers everything. */
    void droppedUnder(String prefix) {
        latest.keySet().removeIf(key -> prefix.isEmpty() || key.equals(prefix) || key.startsWith(prefix + '/'));
    }

    void droppedAll() {
        latest.clear();
    }

    /** What was found is the latest version or nothing; nothing stays nothing. */
    void check(String key, byte @Nullable [] found, long nowMs, String where) {
        Version expected = latest.get(key);
        if (expected != null && !expected.isAlive(nowMs)) {
            latest.remove(key);
            expected = null;
        }
        if (found != null) {
            assertThat(expected).as("%s key=%s: served though gone, length=%d", where, key, found.length).isNotNull();
            assertThat(Arrays.equals(found, expected.value))
                    .as("%s key=%s: the bytes of the latest version, length=%d", where, key, found.length).isTrue();
            served++;
        } else if (expected != null) {
            missed++;
            latest.remove(key); // evicted, and not to come back
        }
    }

    /** After damage any committed version may be found, whole; from here on that one counts. */
    void adopt(String key, byte @Nullable [] found, String where) {
        if (found == null) {
            latest.remove(key);
            return;
        }
        Version known = latest.get(key);
        if (known == null || !Arrays.equals(known.value, found)) {
            assertThat(hashes.getOrDefault(key, Set.of())).as("%s key=%s: a version that was committed", where, key)
                    .contains(hash(found));
            latest.put(key, new Version(found, 0L, 0L));
        }
    }

    /** Keys whose version lives however late it is. */
    Set<String> lasting() {
        Set<String> keys = new HashSet<>();
        latest.forEach((key, version) -> {
            if (version.expiresAtMs == 0L) {
                keys.add(key);
            }
        });
        return keys;
    }

    int served() {
        return served;
    }

    int missed() {
        return missed;
    }

    private static long hash(byte[] value) {
        CRC32C crc = new CRC32C();
        crc.update(value, 0, value.length);
        return crc.getValue() << 32 ^ Arrays.hashCode(value);
    }
}
