package io.tiercel.cli.demo;

import java.util.function.Consumer;

/** One part of the demo that runs in a client process of its own. */
interface Stage {
    /** Does the part and tells what it finds as it goes; an exception fails the demo. */
    void run(Target target, Consumer<Finding> findings) throws Exception;

    /** The stage of a name. */
    static Stage of(String name) {
        return switch (name) {
            case "large" -> new LargeStage();
            case "read" -> new ReadStage();
            case "latency" -> new LatencyStage();
            case "invalidate" -> new InvalidateStage();
            case "put" -> new PutStage();
            case "verify" -> new VerifyStage();
            default -> throw new IllegalArgumentException("stage=" + name);
        };
    }
}
