package io.tiercel.node;

import io.tiercel.ErrorCode;
import io.tiercel.TiercelException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One client's share of a round: seeded choices, each judged by the model. One thread at a time. */
final class ModelWorker {
    /** What a read or write may come to while a store fails or the node starts anew. */
    private static final Set<ErrorCode> TROUBLE = EnumSet.of(ErrorCode.STORE_UNAVAILABLE, ErrorCode.STORE_REFUSED,
            ErrorCode.TIMEOUT, ErrorCode.OVERLOADED, ErrorCode.NODE_UNAVAILABLE, ErrorCode.NO_SPACE);

    private static final Set<String> WRITES = Set.of("put", "delete", "move", "invalidate");

    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final NodeModel model;
    private final ModelClient client;
    private final String name;
    private final List<ModelKey> own;
    private final List<ModelKey> ownStored;
    private final List<ModelKey> stored;
    private String where = "";
    private boolean isCalm;

    ModelWorker(NodeModel model, ModelClient client, String name, int number, int workers) {
        this.model = model;
        this.client = client;
        this.name = name;
        List<ModelKey> all = model.all();
        this.own = all.stream().filter(key -> all.indexOf(key) % workers == number).toList();
        this.ownStored = own.stream().filter(key -> key.isStored).toList();
        this.stored = all.stream().filter(key -> key.isStored).toList();
    }

    ModelClient client() {
        return client;
    }

    /** Makes the choices of a seed; whoever waits for the half of them is told. */
    void run(long seed, int steps, boolean isCalmNow, Runnable atHalf) {
        isCalm = isCalmNow;
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < steps; step++) {
            if (step == steps / 2) {
                atHalf.run();
            }
            where = name + " seed=" + seed + " step=" + step;
            step(random);
        }
    }

    private void step(SplittableRandom random) {
        int choice = random.nextInt(100);
        ModelKey key = anyOf(model.all(), random);
        if (choice < 46) {
            read(key);
        } else if (choice < 60) {
            int most = random.nextInt(3) == 0 ? 2_000 : 100_000;
            readPart(key, random.nextInt(most), 1 + random.nextInt(most));
        } else if (choice < 75) {
            write(random);
        } else if (choice < 86) {
            ModelKey changed = anyOf(stored, random);
            changed.change(random.nextInt(6) == 0 ? null : changed.nextVersion());
            if (random.nextBoolean()) {
                invalidate(changed.name, false);
                read(changed);
            }
        } else if (choice < 91) {
            invalidate(key.name, false);
        } else if (choice < 94) {
            invalidate(key.name.substring(0, key.name.lastIndexOf('/')), true);
        } else if (choice < 95) {
            invalidate(random.nextInt(3) == 0 ? "" : key.name.substring(0, key.name.indexOf('/')), true);
        } else if (choice < 97) {
            read("stream", key, client::readStream);
        } else {
            for (int i = 0; i < 10; i++) {
                read(key);
            }
        }
    }

    private void write(SplittableRandom random) {
        int choice = random.nextInt(100);
        ModelKey key = anyOf(own, random);
        if (choice < 72) {
            put(key, random.nextInt(4) == 0 ? 1 + random.nextInt(50) : 0);
        } else if (choice < 88) {
            delete(key);
        } else if (choice < 90) {
            deleteRecursively(key.name.substring(0, key.name.lastIndexOf('/')));
        } else if (!ownStored.isEmpty()) {
            move(anyOf(ownStored, random), anyOf(ownStored, random), random.nextBoolean());
        }
    }

    private static ModelKey anyOf(List<ModelKey> keys, SplittableRandom random) {
        // The smaller of two: some keys are asked for much more often than others.
        return keys.get(Math.min(random.nextInt(keys.size()), random.nextInt(keys.size())));
    }

    void read(ModelKey key) {
        read("read", key, client::read);
    }

    private void read(String way, ModelKey key, Function<String, byte @Nullable []> reading) {
        long floor = key.floor();
        attempt(way, key.name, () -> {
            byte[] bytes = reading.apply(key.name);
            if (bytes == null) {
                model.judgeMiss(key, floor, where);
            } else {
                model.judge(key, floor, bytes, where);
            }
        });
    }

    private void readPart(ModelKey key, int from, int length) {
        long floor = key.floor();
        attempt("range", key.name, () -> {
            ModelClient.Part part = client.readPart(key.name, from, length);
            if (part == null) {
                model.judgeMiss(key, floor, where);
            } else if (part.bytes.length == part.total) {
                model.judge(key, floor, part.bytes, where);
            } else {
                model.judgePart(key, floor, part.bytes, Math.min(part.from, part.total), part.total, where);
            }
        });
    }

    private void put(ModelKey key, long ttlMs) {
        ModelKey.Version version = key.begin(key.nextVersion());
        long begin = model.now();
        boolean isDone = attempt("put", key.name, () -> client.put(key.name, ModelPayload.of(version.name), ttlMs));
        if (isDone && key.isStored) {
            if (version.committed == 0) {
                model.violate(where + ": acknowledged and not in the store: version=" + version.name + ' ' + key
                        .told());
            }
            key.raise(version.committed);
        } else if (isDone) {
            version.until = model.now();
            key.raise(begin);
        }
    }

    private void delete(ModelKey key) {
        long begin = model.now();
        if (attempt("delete", key.name, () -> client.delete(key.name))) {
            key.raise(key.changedSince(begin));
        }
    }

    private void deleteRecursively(String folder) {
        long begin = model.now();
        if (attempt("delete", folder, () -> client.deleteRecursively(folder))) {
            model.under(folder).forEach(key -> key.raise(key.changedSince(begin)));
        }
    }

    private void move(ModelKey from, ModelKey to, boolean keepsSource) {
        if (from == to) {
            return;
        }
        long begin = model.now();
        if (attempt("move", from.name + "' to '" + to.name, () -> client.move(from.name, to.name, keepsSource))) {
            to.raise(to.changedSince(begin));
            if (!keepsSource) {
                from.raise(from.changedSince(begin));
            }
        }
    }

    private void invalidate(String what, boolean isPrefix) {
        long begin = model.now();
        if (attempt("invalidate", what, () -> client.invalidate(what, isPrefix))) {
            if (isPrefix) {
                model.under(what).forEach(key -> key.raise(begin));
            } else {
                model.key(what).raise(begin);
            }
        }
    }

    private boolean attempt(String operation, String what, Runnable call) {
        try {
            call.run();
            return true;
        } catch (TiercelException e) {
            model.failed.incrementAndGet();
            if (!isExpected(operation, what, e.code())) {
                model.violate(where + ": " + operation + " of '" + what + "' failed: calm=" + isCalm + ' ' + e.code()
                        + ": " + e.getMessage());
            }
            if (e.code() == ErrorCode.NODE_UNAVAILABLE) {
                // There is none at the moment: choices that come to nothing prove nothing.
                LockSupport.parkNanos(PAUSE_NS);
            }
            return false;
        }
    }

    /**
     * A read gives way to a stream of invalidations; a range behind the end of an object is refused; the source of a move
     * may be missing. An object in pages that changes under its reader ends in an error, for HTTP in a broken connection.
     */
    private boolean isExpected(String operation, String what, ErrorCode code) {
        boolean isPaged = what.startsWith(ModelPayload.LARGE) && !WRITES.contains(operation);
        return code == ErrorCode.OVERLOADED || (!isCalm && TROUBLE.contains(code))
                || (operation.equals("range") && code == ErrorCode.INVALID_ARGUMENT)
                || (operation.equals("move") && code == ErrorCode.NOT_FOUND)
                || (isPaged && (code == ErrorCode.PRECONDITION_FAILED || code == ErrorCode.NODE_UNAVAILABLE));
    }
}
