package io.tiercel.storage;

import java.util.function.LongConsumer;

/**
 * Carries an object from one store to another, in the chunks that the target asks for: no more of it is in memory than one
 * of them. Stateless.
 */
public final class Transfer {
    private Transfer() {}

    /**
     * Copies an object; its content type goes along, its user metadata where the target keeps any. Whether the target may
     * be written is looked at before the first byte is read.
     *
     * @param options of the write; content type and user metadata are the source's.
     * @param progress told the number of bytes that have been read, after each chunk, by the calling thread.
     * @throws StorageException of either store, which it names.
     */
    public static WriteResult copy(StorageAdapter from, StorePath path, StorageAdapter to, StorePath target,
            WriteOptions options, LongConsumer progress) {
        refuseOverwriting(to, target, options);
        try (ObjectRead read = from.open(path)) {
            ObjectInfo info = read.info();
            WriteOptions described = options.contentType(info.contentType());
            if (to.capabilities().contains(Capability.USER_METADATA)) {
                described = described.userMetadata(info.userMetadata());
            }
            return to.write(target, new ReadChannel(read, progress), read.length(), described);
        }
    }

    private static void refuseOverwriting(StorageAdapter to, StorePath target, WriteOptions options) {
        if (!options.overwrite() && exists(to, target)) {
            throw StorageException.of(StorageException.Kind.ALREADY_EXISTS).store(to.name()).path(target).build();
        }
    }

    private static boolean exists(StorageAdapter store, StorePath path) {
        try {
            return store.info(path).isFile();
        } catch (StorageException e) {
            if (e.kind() == StorageException.Kind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
