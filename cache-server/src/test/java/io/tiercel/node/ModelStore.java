package io.tiercel.node;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageException;
import io.tiercel.storage.StorageException.Kind;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import io.tiercel.storage.contract.PassingRead;
import io.tiercel.storage.contract.PassingStore;
import io.tiercel.storage.memory.MemoryStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that tells the model what it holds, and fails, dawdles and lies as often as it is told to. It outlives the node.
 * Threadsafe.
 */
final class ModelStore extends PassingStore {
    /** Calls of a hundred that go wrong. */
    volatile int stormPercent;
    final AtomicInteger faults = new AtomicInteger();
    final AtomicInteger running = new AtomicInteger();
    private final NodeModel model;
    private final String mount;
    private final SplittableRandom random;

    /** How one call goes. */
    private enum Fate {
        FINE, UNAVAILABLE, REFUSED, SHORT, LONG, BROKEN
    }

    ModelStore(NodeModel model, String mount, long seed) {
        super(new MemoryStorage("model", 256 << 20));
        this.model = model;
        this.mount = mount;
        this.random = new SplittableRandom(seed);
    }

    private synchronized int draw(int bound) {
        return random.nextInt(bound);
    }

    private Fate fate() {
        if (draw(100) >= stormPercent) {
            return Fate.FINE;
        }
        faults.incrementAndGet();
        return Fate.values()[1 + draw(Fate.values().length - 1)];
    }

    private void dawdle() {
        if (draw(4) == 0) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100 + draw(5_000)));
        }
    }

    private static StorageException failure(Kind kind, StorePath path) {
        return StorageException.of(kind).store("model").path(path).because("planned").build();
    }

    private static void refuse(Fate fate, StorePath path) {
        if (fate == Fate.UNAVAILABLE) {
            throw failure(Kind.UNAVAILABLE, path);
        }
        if (fate == Fate.REFUSED) {
            throw failure(Kind.PERMISSION_DENIED, path);
        }
    }

    private ModelKey keyOf(StorePath path) {
        return model.key(mount + '/' + path);
    }

    /** A change that the node does not know of; null removes. */
    void change(ModelKey key, @Nullable String version) {
        StorePath path = StorePath.of(key.name.substring(mount.length() + 1));
        key.changing.lock();
        try {
            if (version != null) {
                byte[] bytes = ModelPayload.of(version);
                key.store(version, () -> whole().write(path, ByteBuffer.wrap(bytes), WriteOptions.REPLACE),
                        model.moments,
                        false);
            } else if (key.held() != null) {
                key.remove(() -> whole().delete(path, false), model.moments, false);
            }
        } finally {
            key.changing.unlock();
        }
    }

    @Override
    public ObjectRead open(StorePath path, ReadOptions options) {
        running.incrementAndGet();
        try {
            Fate fate = fate();
            refuse(fate, path);
            dawdle();
            ObjectRead read = whole().open(path, options);
            dawdle();
            return new ModelRead(read, fate, path);
        } finally {
            running.decrementAndGet();
        }
    }

    /** Counts as running until it is closed. */
    private final class ModelRead extends PassingRead {
        private final Fate fate;
        private final StorePath path;
        private final AtomicBoolean isClosed = new AtomicBoolean();
        private long left;

        ModelRead(ObjectRead read, Fate fate, StorePath path) {
            super(read);
            this.fate = fate;
            this.path = path;
            this.left = fate == Fate.SHORT || fate == Fate.BROKEN ? read.length() / 2 : read.length();
            running.incrementAndGet();
        }

        @Override
        public int read(ByteBuffer target) {
            dawdle();
            if (left > 0 && target.hasRemaining()) {
                int limit = target.limit();
                target.limit((int) Math.min(limit, target.position() + left));
                int count = super.read(target);
                target.limit(limit);
                left -= Math.max(count, 0);
                return count;
            }
            if (fate == Fate.BROKEN) {
                throw failure(Kind.UNAVAILABLE, path);
            }
            if (fate == Fate.LONG && target.hasRemaining()) {
                target.put((byte) 'x');
                return 1;
            }
            return left > 0 ? 0 : -1;
        }

        @Override
        public void close() {
            super.close();
            if (isClosed.compareAndSet(false, true)) {
                running.decrementAndGet();
            }
        }
    }

    @Override
    public ObjectInfo info(StorePath path) {
        refuse(fate(), path);
        return whole().info(path);
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        running.incrementAndGet();
        try {
            Fate fate = fate();
            refuse(fate, path);
            ModelKey key = keyOf(path);
            byte[] bytes = allOf(source, (int) length);
            String version = ModelPayload.nameOf(bytes);
            if (version == null) {
                model.violate("the store was given bytes that nobody put: key=" + key.name + " length=" + length);
                throw failure(Kind.UNAVAILABLE, path);
            }
            dawdle();
            WriteResult[] result = new WriteResult[1];
            key.changing.lock();
            try {
                key.store(version, () -> result[0] = whole().write(path, ByteBuffer.wrap(bytes), options),
                        model.moments,
                        true);
            } finally {
                key.changing.unlock();
            }
            dawdle();
            if (fate == Fate.BROKEN) {
                throw failure(Kind.UNAVAILABLE, path);
            }
            return result[0];
        } finally {
            running.decrementAndGet();
        }
    }

    /** As the contract has it: a source that gives less than it said, or more, is refused. */
    private static byte[] allOf(ReadableByteChannel source, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length + 1);
        try {
            while (bytes.hasRemaining() && source.read(bytes) >= 0) {
                Thread.onSpinWait();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (bytes.position() != length) {
            throw new UncheckedIOException(new IOException("expected=" + length + " received=" + bytes.position()));
        }
        return Arrays.copyOf(bytes.array(), length);
    }

    @Override
    public WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        return give(from, to, () -> whole().copy(from, to, overwrite), true);
    }

    @Override
    public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        return give(from, to, () -> whole().move(from, to, overwrite), false);
    }

    private WriteResult give(StorePath from, StorePath to, Supplier<WriteResult> change, boolean keepsSource) {
        running.incrementAndGet();
        try {
            Fate fate = fate();
            refuse(fate, from);
            dawdle();
            ModelKey source = keyOf(from);
            ModelKey target = keyOf(to);
            boolean isSourceFirst = source.name.compareTo(target.name) < 0;
            ReentrantLock first = isSourceFirst ? source.changing : target.changing;
            ReentrantLock second = isSourceFirst ? target.changing : source.changing;
            WriteResult[] result = new WriteResult[1];
            first.lock();
            second.lock();
            try {
                String version = source.held();
                Runnable toTarget = version == null
                        ? () -> result[0] = change.get()
                        : () -> target.store(version, () -> result[0] = change.get(), model.moments, true);
                if (keepsSource) {
                    toTarget.run();
                } else {
                    source.remove(toTarget, model.moments, true);
                }
            } finally {
                second.unlock();
                first.unlock();
            }
            dawdle();
            if (fate == Fate.BROKEN) {
                throw failure(Kind.UNAVAILABLE, from);
            }
            return result[0];
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        running.incrementAndGet();
        try {
            Fate fate = fate();
            refuse(fate, path);
            dawdle();
            ModelKey key = keyOf(path);
            key.changing.lock();
            try {
                if (key.held() == null) {
                    whole().delete(path, missingIsFine);
                } else {
                    key.remove(() -> whole().delete(path, missingIsFine), model.moments, true);
                }
            } finally {
                key.changing.unlock();
            }
            if (fate == Fate.BROKEN) {
                throw failure(Kind.UNAVAILABLE, path);
            }
        } finally {
            running.decrementAndGet();
        }
    }

    @Override
    public long deleteRecursively(StorePath path) {
        running.incrementAndGet();
        try {
            refuse(fate(), path);
            long count = 0;
            for (ModelKey key : model.all()) {
                if (key.name.startsWith(mount + '/' + path + '/')) {
                    count += deleteOne(key);
                }
            }
            return count;
        } finally {
            running.decrementAndGet();
        }
    }

    private int deleteOne(ModelKey key) {
        key.changing.lock();
        try {
            if (key.held() == null) {
                return 0;
            }
            key.remove(() -> whole().delete(StorePath.of(key.name.substring(mount.length() + 1)), false), model.moments,
                    true);
            return 1;
        } finally {
            key.changing.unlock();
        }
    }

    /** The node that opened it goes; what it holds stays. */
    @Override
    public void close() {}
}
