package io.tiercel.load;

/** A call of a store that is under way, or between two tries. For the shard thread. */
@FunctionalInterface
public interface StoreCall {
    /** Interrupts it and tries no more; its completion is still told, once. */
    void cancel();
}
