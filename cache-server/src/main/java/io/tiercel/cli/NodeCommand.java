package io.tiercel.cli;

import io.tiercel.client.TiercelClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that asks a node: connects, does its one thing, closes. */
abstract class NodeCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Mixin
    private final NodeAddress node = new NodeAddress();

    NodeCommand(Console console) {
        this.console = console;
    }

    /** Does the command's work; what it throws becomes a line and an exit code. */
    abstract int run(TiercelClient client) throws Exception;

    /** Looks at arguments and opens what the command needs of this machine, before the node is asked for. */
    void prepare() throws Exception {}

    /** Gives up what {@link #prepare} opened, also when it failed. */
    void release() throws Exception {}

    @Override
    public final Integer call() throws Exception {
        prepare();
        try (TiercelClient client = node.connect(console)) {
            int exitCode = run(client);
            console.out().flush();
            return exitCode;
        }
    }

    final Console console() {
        return console;
    }

    final boolean isJson() {
        return common.isJson();
    }

    final long timeoutMs() {
        return node.timeoutMs();
    }
}
