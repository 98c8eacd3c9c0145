package io.tiercel.storage.contract;

import com.sun.management.ThreadMXBean;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Carries an object to a store and back, in a process with a small heap. */
public final class TransferProbe {
    private static final int PORTION_LENGTH = 64 * 1024;
    private static final StorePath PATH = StorePath.of("carried");

    private TransferProbe() {}

    /**
     * What a process with 64 MiB of heap says of an object of zeros: {@code wrote=N read=N} and how many bytes all its
     * threads allocated for each, or how it failed.
     *
     * @param uri of a store that a provider on the class path opens.
     */
    public static String run(String uri, long length) throws IOException {
        return SmallHeap.run(TransferProbe.class, uri, Long.toString(length));
    }

    /** Takes the URI of the store and the length. */
    public static void main(String[] arguments) {
        long length = Long.parseLong(arguments[1]);
        try (StorageProviders providers = StorageProviders.load();
                StorageAdapter store = providers.open(arguments[0])) {
            long begin = allocated();
            long wrote = store.write(PATH, new Zeros(length), length, WriteOptions.REPLACE).info().length();
            long written = allocated();
            long read = read(store);
            System.out.println("wrote=" + wrote + " read=" + read + " allocated to write=" + (written - begin)
                    + " to read=" + (allocated() - written));
        }
    }

    private static long read(StorageAdapter store) {
        ByteBuffer target = ByteBuffer.allocateDirect(PORTION_LENGTH);
        long length = 0;
        try (ObjectRead read = store.open(PATH)) {
            for (int count = read.read(target); count >= 0; count = read.read(target.clear())) {
                length += count;
            }
        }
        return length;
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
    }

    /** So many bytes that cost nothing. Not threadsafe. */
    private static final class Zeros implements ReadableByteChannel {
        private long rest;

        private Zeros(long length) {
            this.rest = length;
        }

        @Override
        public int read(ByteBuffer target) {
            if (rest == 0) {
                return -1;
            }
            int count = (int) Math.min(rest, target.remaining());
            target.position(target.position() + count);
            rest -= count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
