package io.tiercel.bench.process;

import java.io.IOException;

/** A child with nothing to do. */
final class IdleChild {
    private IdleChild() {}

    public static void main(String[] arguments) throws IOException {
        ChildLife.serve(ScratchFolders.ofArguments(arguments), () -> () -> {});
    }
}
