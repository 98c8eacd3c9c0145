package io.tiercel.shard;

/** A part of the shard agent's duty cycle that lives in a package above this one: gateways, media driver. */
public interface Duty {
    /**
     * Does what is there to do now and returns at once.
     *
     * @param nowNs the monotonic time of this cycle.
     * @return how much was done, 0 for nothing.
     */
    int doWork(long nowNs);

    /** Called once on the shard thread when the agent ends. */
    void onClose();
}
