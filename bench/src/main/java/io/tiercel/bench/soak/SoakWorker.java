package io.tiercel.bench.soak;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import io.tiercel.bench.soak.SoakClient.Part;
import io.tiercel.bench.soak.SoakKey.Store;
import io.tiercel.bench.soak.SoakTally.Operation;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One client's thread: reads every key and has each read judged; writes, deletes and breaks the keys that it owns;
 * invalidates what it likes. Its choices follow from its seed, what comes of them does not.
 */
final class SoakWorker implements Runnable {
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int LONGEST_RANGE = 64 * 1024;
    private static final int LONGEST_OFFSET = 32 * 1024;

    private final String name;
    private final SoakKeys keys;
    private final SoakTally tally;
    private final SoakClient client;
    private final SoakStores stores;
    private final IntSupplier nodeNumber;
    private final BooleanSupplier isOver;
    private final SplittableRandom random;
    private final List<SoakKey> own;

    SoakWorker(int number, SoakKeys keys, SoakTally tally, SoakClient client, SoakStores stores,
            IntSupplier nodeNumber, BooleanSupplier isOver, long seed) {
        this.name = "worker-" + number;
        this.keys = keys;
        this.tally = tally;
        this.client = client;
        this.stores = stores;
        this.nodeNumber = nodeNumber;
        this.isOver = isOver;
        this.random = new SplittableRandom(seed);
        this.own = keys.ownedBy(number);
    }

    /** Goes on until it is over, or somebody has seen a violation. */
    @Override
    public void run() {
        try {
            own.forEach(this::write);
            while (!isOver.getAsBoolean() && tally.violation() == null) {
                step();
            }
        } catch (RuntimeException | Error e) {
            tally.violate(name + ": an error without a code: " + e);
        } finally {
            client.close();
        }
    }

    private void step() {
        int draw = random.nextInt(100);
        SoakKey any = pick(keys.all());
        SoakKey mine = own.get(random.nextInt(own.size()));
        if (draw < 50) {
            attempt(Operation.READ, any, () -> judge(any, client::read));
        } else if (draw < 64) {
            attempt(Operation.RANGE, any, () -> readPart(any));
        } else if (draw < 69) {
            attempt(Operation.STREAM, any, () -> judge(any, client::readStream));
        } else if (draw < 90) {
            write(mine);
        } else if (draw < 95) {
            attempt(Operation.INVALIDATE, any, () -> invalidate(List.of(any), () -> client.invalidate(any.name)));
        } else if (draw < 96) {
            String prefix = keys.folderOf(any);
            attempt(Operation.INVALIDATE_PREFIX, any,
                    () -> invalidate(keys.under(prefix), () -> client.invalidatePrefix(prefix)));
        } else if (draw < 97) {
            delete(mine);
        } else if (draw < 99) {
            attempt(Operation.LIST, any, () -> client.list(keys.listedFolderOf(any)));
        } else {
            makeUnreadable(mine);
        }
    }

    /** Some far more often than others. */
    private SoakKey pick(List<SoakKey> of) {
        double draw = random.nextDouble();
        return of.get((int) (draw * draw * draw * of.size()));
    }

    private void attempt(Operation operation, SoakKey key, Runnable action) {
        try {
            action.run();
            tally.done(operation);
        } catch (TiercelException e) {
            tally.failed(e.code());
            if (e.code() == ErrorCode.INTERNAL) {
                tally.violate(name + ": " + operation + " of " + key.name + " failed: " + e.getMessage());
            }
            if (e.code() == ErrorCode.NODE_UNAVAILABLE) {
                // There is none at the moment: choices that come to nothing prove nothing.
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    /** A way to read a whole object. */
    private interface Reading {
        byte @Nullable [] of(String key);
    }

    private void judge(SoakKey key, Reading reading) {
        long floor = key.floor();
        byte[] bytes = reading.of(key.name);
        if (bytes == null) {
            tally.misses.increment();
            return;
        }
        judged(key, bytes.length, key.defectOf(bytes, floor));
    }

    private void readPart(SoakKey key) {
        int from = random.nextInt(8) == 0 ? random.nextInt(LONGEST_OFFSET) : random.nextInt(1_000);
        int length = SoakPayload.LEAST_JUDGEABLE + random.nextInt(LONGEST_RANGE);
        long floor = key.floor();
        Part part;
        try {
            part = client.readPart(key.name, from, length);
        } catch (TiercelException e) {
            if (e.code() == ErrorCode.INVALID_ARGUMENT) {
                return; // behind its end
            }
            throw e;
        }
        if (part == null) {
            tally.misses.increment();
            return;
        }
        judged(key, part.bytes().length, key.defectOf(part.bytes(), part.from(), part.total(), floor));
    }

    private void judged(SoakKey key, int length, String defect) {
        tally.hits.increment();
        tally.bytes.add(length);
        if (!defect.isEmpty()) {
            tally.violate(name + ": read of " + key.name + ": " + defect);
        }
    }

    private void write(SoakKey key) {
        switch (key.store) {
            case NONE -> put(key);
            case FILES -> {
                if (random.nextInt(3) == 0) {
                    put(key);
                } else {
                    change(key);
                }
            }
            case FLAKY -> change(key);
        }
    }

    private void put(SoakKey key) {
        int node = nodeNumber.getAsInt();
        long version = key.issue();
        byte[] bytes = SoakPayload.of(key.name, version);
        attempt(Operation.PUT, key, () -> {
            try {
                client.put(key.name, bytes);
                key.written(version, node);
            } catch (TiercelException e) {
                key.doubted(version, nodeNumber.getAsInt());
                throw e;
            }
        });
    }

    /** Behind the node's back; mostly the node is told after. */
    private void change(SoakKey key) {
        attempt(Operation.CHANGE, key, () -> {
            long version = key.issue();
            stores.change(key, version);
            key.changed(version);
            if (random.nextInt(4) != 0) {
                invalidate(List.of(key), () -> client.invalidate(key.name));
            }
        });
    }

    private static void invalidate(List<SoakKey> covered, Runnable invalidation) {
        long[] floors = covered.stream().mapToLong(SoakKey::floorIfInvalidated).toArray();
        invalidation.run();
        for (int i = 0; i < floors.length; i++) {
            covered.get(i).raise(floors[i]);
        }
    }

    private void delete(SoakKey key) {
        if (key.store != Store.FLAKY) {
            attempt(Operation.DELETE, key, () -> {
                client.delete(key.name);
                key.deleted(key.issued());
            });
        }
    }

    private void makeUnreadable(SoakKey key) {
        if (key.store == Store.FILES) {
            attempt(Operation.BREAK, key, () -> {
                stores.makeUnreadable(key);
                invalidate(List.of(key), () -> client.invalidate(key.name));
            });
        }
    }
}
