package io.tiercel.storage.contract;

import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorageProviders;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import java.io.IOException;
import java.nio.ByteBuffer;

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
            long begin = Transfers.allocatedByAllThreads();
            long wrote = store.write(PATH, Transfers.zeros(length), length, WriteOptions.REPLACE).info().length();
            long written = Transfers.allocatedByAllThreads();
            long read = read(store);
            System.out.println("wrote=" + wrote + " read=" + read + " allocated to write=" + (written - begin)
                    + " to read=" + (Transfers.allocatedByAllThreads() - written));
        }
    }

    private static long read(StorageAdapter store) {
        try (ObjectRead read = store.open(PATH)) {
            return Transfers.drain(read, ByteBuffer.allocateDirect(PORTION_LENGTH));
        }
    }
}
