package io.tiercel.client;

import io.tiercel.wire.codec.DescriptorDecoder;

/**
 * Where the node says a frame lies: believed only after {@link ReaderRegion} compared it with the files. Immutable.
 */
record Place(int slot, int frameOffset, long generation, long fileGeneration, long fileLength, long sequence,
        long checkedAtEpoch, long expiresAtMs, Served served) {
    /** When to ask again; what the frame says where a node of version 1 of the schema says nothing. */
    long expiresAtMs(long ofFrame) {
        return expiresAtMs == DescriptorDecoder.expiresAtMsNullValue() ? ofFrame : expiresAtMs;
    }

    static Place of(DescriptorDecoder reply) {
        return new Place(reply.slot(), reply.frameOffset(), reply.generation(), reply.fileGeneration(),
                reply.fileLength(), reply.sequence(), reply.checkedAtEpoch(), reply.expiresAtMs(), WireTypes.served(
                        reply.served()));
    }
}
