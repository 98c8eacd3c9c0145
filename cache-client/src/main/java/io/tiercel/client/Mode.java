package io.tiercel.client;

/** How a client reaches its node. */
public enum Mode {
    /** Same host: frames are read where they lie, under leases. */
    MAPPED,
    /** Same host: frames are copied to the client through shared memory. */
    IPC,
    /** Any host: frames are streamed over UDP. */
    UDP
}
