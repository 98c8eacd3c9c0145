package io.tiercel.leasemodel;

/**
 * How much of the protocol's life is explored.
 *
 * @param generations frames that are written, one after another, into the same memory: 1 to 3.
 * @param connected   clients that begin attached, 0 to 2; the others have to connect.
 * @param mayLeave    whether clients may close their sessions while their threads read.
 * @param others      prefixes that are invalidated, and cover no frame: 0 or 1.
 */
record Bounds(int generations, int connected, boolean mayLeave, int others) {}
