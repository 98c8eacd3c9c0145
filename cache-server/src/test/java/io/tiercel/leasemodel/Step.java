package io.tiercel.leasemodel;

/** One atomic step, with the code that it stands for. */
enum Step {
    START("it starts"),
    PUBLISH("FrameAppender.publish: writes the frame, then LIVE"),
    INVALIDATE_KEY("MappedTier.kill: DEAD, then the acknowledgement"),
    INVALIDATE_PREFIX("Invalidations.invalidatePrefix: raises the filter's entry and the epoch, then acknowledges"),
    INVALIDATE_OTHER("Invalidations.invalidatePrefix: of another prefix: raises the epoch"),
    BEGIN_RECLAIM("SegmentTable.beginReclaim: raises the generation"),
    READ_PINS("SegmentTable.isQuiet: reads a reader's pins, there are none"),
    READ_PINS_HELD("SegmentTable.isQuiet: reads a reader's pins, there are some"),
    RECYCLE("SegmentTable.recycle: no pin is left, the memory is free"),
    ANSWER("Shard: answers a get with the frame's place, which the client keeps"),
    GRANT("ReaderDirectory.grant: makes the reader file of a free number"),
    ATTACH("ReaderDirectory.attach: the lock is held"),
    SESSION_OVER("ReaderDirectory.release: the session is over"),
    CLEAR("ReaderDirectory.clearIfDead: the lock is free, the file goes"),
    SEEN("a store of the node reaches memory"),
    LOCK("SessionConnector.openRegion: takes the lock of its number"),
    MAP("ReaderFile.open: maps the file of its number"),
    GIVE_UP("SessionConnector: is not attached, gives its lock up"),
    BEGIN_TAKE("ReaderRegion.tryOpen: begins with a descriptor"),
    PIN("ReaderFile.pin: counts the pin"),
    PIN_SEEN("the store of its pin reaches memory"),
    CHECK_RETIRED("SegmentMapping.isRetired: no"),
    CHECK_GENERATION("ControlFile.generationVolatile: is the descriptor's"),
    CHECK_STATE("FrameFlyweight.stateVolatile: LIVE"),
    CHECK_EPOCH("ControlFile.invalidationEpochVolatile: is the descriptor's; the lease is taken"),
    SEE_EPOCH("ControlFile.invalidationEpochVolatile: is another"),
    CHECK_FILTER("ControlFile.isUntouched: it is; the lease is taken"),
    CHECK_FAILED("ReaderRegion.isServable: it does not hold"),
    UNPIN_FAILED("SegmentMapping.release: uncounts, forgets the descriptor"),
    READ_FIRST("Frame: reads its first word"),
    READ_SECOND("Frame: reads its second word"),
    RELEASE("SegmentMapping.release: uncounts, the lease is over"),
    RETIRE("ReaderRegion.retire: the client closes its session"),
    UNLOCK("ReaderRegion.unlockIfUnused: gives its lock up"),
    DIE("it is killed; the kernel drops its lock"),
    STOP("SIGSTOP"),
    RESUME("SIGCONT");

    private final String text;

    Step(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
